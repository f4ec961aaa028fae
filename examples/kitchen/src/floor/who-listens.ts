import { type ModuleDefinition, query } from 'carillon';
import { z } from 'zod';
import { bells } from './bells.js';

/** The bells that a module rings, and those that it listens for. */
export interface Listening {
  readonly module: string;
  readonly description: string;
  readonly rings: readonly string[];
  /** Its own bells are among them when it listens for them, too. */
  readonly listensFor: readonly string[];
}

/** Who listens to what, as the modules themselves say. The staff who come and go are in `Bells`. */
export const whoListens = (modules: readonly ModuleDefinition[]) =>
  query('WhoListens', {
    description: 'Which bells each module rings, and for which it listens.',
    params: z.object({}),
    from: bells,
    run: (): readonly Listening[] => modules.map(listening),
  });

function listening({ name, description = '', publishes, consumes }: ModuleDefinition): Listening {
  const types = (events: ModuleDefinition['publishes']) => events.map(({ type }) => type as string);
  return { module: name, description, rings: types(publishes), listensFor: types(consumes) };
}
