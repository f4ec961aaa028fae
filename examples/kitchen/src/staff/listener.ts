import {
  type DataOf,
  type EventDefinition,
  type ReactionDefinition,
  type RecordedEventOf,
  reaction,
  type StartsAt,
} from 'carillon';
import { Speak } from './commands.js';

/** Somebody who listens for bells, and comes and goes while the kitchen runs. */
export interface Listener {
  readonly name: string;
  /** What people call him. */
  readonly label: string;
  /** Whether he is on duty when he is new. */
  readonly isOnDuty: boolean;
  readonly reaction: ReactionDefinition<string, any>;
}

/** What `listener()` takes besides the name. */
export interface ListenerOptions<Event extends EventDefinition> {
  readonly label: string;
  /** The bells he listens for. */
  readonly on: Event | readonly Event[];
  /** Whether he wants to hear what rang before he first came. Default `now`: he does not. */
  readonly startsAt?: StartsAt;
  /** Whether he is on duty when he is new. Default: he is. */
  readonly isOnDuty?: boolean;
  /** What he says when one rings; undefined when he has nothing to say. */
  readonly says: (data: DataOf<Event>, event: RecordedEventOf<Event>) => string | undefined;
}

/**
 * Defines a listener. A file of that name in `src/listeners/` which exports it by default is all it takes.
 *
 * @param name the name of the file, without its extension
 */
export function listener<Event extends EventDefinition>(name: string, options: ListenerOptions<Event>): Listener {
  const { label, on, startsAt = 'now', isOnDuty = true, says } = options;
  return {
    name,
    label,
    isOnDuty,
    reaction: reaction(`listener-${name}`, {
      on,
      startsAt,
      run: async (data, { event, issue }) => {
        const words = says(data, event);
        if (words !== undefined) await issue(Speak({ listener: name, bell: event.type, says: words }));
      },
    }),
  };
}
