import type { CommandDefinition } from './command.js';
import { DefinitionError } from './errors.js';
import type { EventDefinition } from './event.js';
import type { AnyReaction, ModuleDefinition } from './module.js';
import { checkName } from './name.js';
import type { ProcessManagerDefinition } from './process-manager.js';
import type { QueryDefinition } from './query.js';
import type { ReadModelDefinition } from './read-model.js';

/** What `application()` takes besides the name. */
export interface ApplicationOptions<Commands extends CommandDefinition, Queries extends QueryDefinition> {
  readonly modules: readonly ModuleDefinition<Commands, Queries>[];
  /** The IANA time zone in which `today` is meant. Default: `UTC`. */
  readonly timeZone?: string;
  readonly description?: string;
}

/** An application: its modules put together, every name checked and known. */
export interface Application<
  Commands extends CommandDefinition = CommandDefinition,
  Queries extends QueryDefinition = QueryDefinition,
> {
  readonly kind: 'application';
  readonly name: string;
  readonly description: string | undefined;
  readonly timeZone: string;
  readonly modules: readonly ModuleDefinition<Commands, Queries>[];
  readonly events: ReadonlyMap<string, EventDefinition>;
  readonly commands: ReadonlyMap<string, Commands>;
  readonly readModels: ReadonlyMap<string, ReadModelDefinition<string, any>>;
  readonly queries: ReadonlyMap<string, Queries>;
  /** Reactions and process managers. */
  readonly reactions: ReadonlyMap<string, AnyReaction>;
}

/** The commands of an application, from its type. */
export type CommandsOf<App> = App extends Application<infer Commands, any> ? Commands : never;

/** The queries of an application, from its type. */
export type QueriesOf<App> = App extends Application<any, infer Queries> ? Queries : never;

/**
 * Puts modules together.
 *
 * @throws DefinitionError naming everything that does not fit: names given twice, events that nobody declares, queries
 * from read models of other modules, unknown time zones
 */
export function application<Commands extends CommandDefinition, Queries extends QueryDefinition>(
  name: string,
  options: ApplicationOptions<Commands, Queries>,
): Application<Commands, Queries> {
  checkName('an application', name);
  const problems: string[] = [];
  const timeZone = options.timeZone ?? 'UTC';
  if (!isTimeZone(timeZone)) problems.push(`"${timeZone}" is not an IANA time zone.`);

  const collect = <T>(
    what: string,
    pick: (module: ModuleDefinition<Commands, Queries>) => readonly T[],
    nameOf: (one: T) => string,
  ) => {
    const found = new Map<string, T>();
    const owners = new Map<string, string>();
    for (const module of options.modules) {
      for (const one of pick(module)) {
        const oneName = nameOf(one);
        const owner = owners.get(oneName);
        if (owner !== undefined)
          problems.push(`${what} ${oneName} is declared twice: in ${owner} and in ${module.name}.`);
        owners.set(oneName, module.name);
        found.set(oneName, one);
      }
    }
    return found;
  };

  collect(
    'module',
    (module) => [module],
    (module) => module.name,
  );
  const events = collect(
    'event',
    (module) => [...module.publishes, ...module.events],
    (event) => event.type,
  );
  const commands = collect(
    'command',
    (module) => module.commands,
    (command) => command.type,
  );
  const readModels = collect(
    'read model',
    (module) => module.readModels,
    (readModel) => readModel.name,
  );
  const queries = collect(
    'query',
    (module) => module.queries,
    (query) => query.type,
  );
  const reactions = collect(
    'reaction',
    (module) => module.reactions,
    (reaction) => reaction.name,
  );
  problems.push(...options.modules.flatMap((module) => moduleProblems(module, options.modules)));

  if (problems.length > 0) {
    throw new DefinitionError(`Application ${name} does not fit together:\n  ${problems.join('\n  ')}`);
  }
  return Object.freeze({
    kind: 'application' as const,
    name,
    description: options.description,
    timeZone,
    modules: options.modules,
    events,
    commands,
    readModels,
    queries,
    reactions,
  });
}

function moduleProblems(module: ModuleDefinition, modules: readonly ModuleDefinition[]): string[] {
  const visible = new Set(
    [...module.events, ...modules.flatMap((other) => other.publishes)].map((event) => event.type),
  );
  const problems: string[] = [];
  for (const readModel of module.readModels) {
    for (const type of readModel.handlers.keys()) {
      if (visible.has(type)) continue;
      problems.push(
        `read model ${readModel.name} of module ${module.name} handles ${type}, which no module publishes and ` +
          `${module.name} does not declare.`,
      );
    }
  }
  for (const reaction of module.reactions) {
    for (const { type } of reactionEvents(reaction)) {
      if (visible.has(type)) continue;
      problems.push(
        `reaction ${reaction.name} of module ${module.name} reacts to ${type}, which no module publishes and ` +
          `${module.name} does not declare.`,
      );
    }
    if (reaction.kind === 'process-manager') problems.push(...processProblems(reaction));
  }
  for (const query of module.queries) {
    if (module.readModels.includes(query.from)) continue;
    problems.push(
      `query ${query.type} reads from ${query.from.name}, which is not a read model of module ${module.name}.`,
    );
  }
  return problems;
}

/** The events that a reaction or process manager is about. */
export function reactionEvents(reaction: AnyReaction): readonly EventDefinition<string, any, any>[] {
  return reaction.kind === 'reaction' ? reaction.on : reaction.events;
}

function processProblems({ name, events, timers, steps }: ProcessManagerDefinition): string[] {
  const problems = timers
    .filter((timer) => !steps.onTimer.has(timer))
    .map((timer) => `process manager ${name} does not say what it does when its timer ${timer} fires: add .onTimer.`);
  if (events.length === 0) problems.push(`process manager ${name} looks at no event: add .on.`);
  return problems;
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
