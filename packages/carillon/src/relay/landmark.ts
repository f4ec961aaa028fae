import type { RecordedEvent } from '../definitions/event.js';
import type { Log } from '../log/log.js';
import { allEvents } from '../log/log-query.js';
import type { Origin, PublishedEvent } from './published-event.js';

/** An event of a publisher, and where it stands in the publisher's log: whoever knows one can tell whether a log is still the same. */
export interface Landmark {
  readonly position: number;
  readonly id: string;
  readonly type: string;
}

/** The landmark that an event is which came in from a module; or that was copied with the module's log, at the same position. */
export function landmarkOf({ id, type, position, metadata }: RecordedEvent, module: string): Landmark {
  const origin = metadata['origin'] as Origin | undefined;
  return { id, type, position: origin?.module === module ? origin.position : position };
}

/** Whether the event stands where it should: it does not in a log that was restored from an older backup, or in another service's. */
export async function stands(
  log: Pick<Log, 'read'>,
  { position, id }: Pick<Landmark, 'position' | 'id'>,
): Promise<boolean> {
  const [there] = await log.read(allEvents, { after: position - 1, limit: 1 });
  return there?.position === position && there.id === id;
}

/** Whether what a publisher sends cannot be from the log in which this event stands: it leaves it out, or has another one there. */
export function contradicts({ event, position, previous, types }: PublishedEvent, known: Landmark): boolean {
  if (position === known.position) return event.id !== known.id;
  const isBetween = previous < known.position && known.position < position;
  return isBetween && types?.includes(known.type) !== false;
}
