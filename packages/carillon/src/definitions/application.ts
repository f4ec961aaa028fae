import type { CommandDefinition } from './command.js';
import { DefinitionError } from './errors.js';
import type { EventDefinition } from './event.js';
import type { AnyReaction, ModuleDefinition } from './module.js';
import { checkName } from './name.js';
import type { ProcessManagerDefinition } from './process-manager.js';
import type { QueryDefinition } from './query.js';
import type { ReadModelDefinition } from './read-model.js';

/** What `application()` takes besides the name. */
export interface ApplicationOptions<
  Commands extends CommandDefinition,
  Queries extends QueryDefinition,
  Published extends string = string,
  Consumed extends string = string,
> {
  readonly modules: readonly ModuleDefinition<Commands, Queries, Published, Consumed>[];
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
  /** The name of the module that each event, command and reaction belongs to. */
  readonly owners: Owners;
}

/** Which module something belongs to, by its name. */
export interface Owners {
  readonly events: ReadonlyMap<string, string>;
  readonly commands: ReadonlyMap<string, string>;
  readonly reactions: ReadonlyMap<string, string>;
}

/** Nothing when everything that is consumed is published; otherwise a property that nobody has, whose name says what is wrong. */
type Checked<Published extends string, Consumed extends string> = [Exclude<Consumed, Published>] extends [never]
  ? unknown
  : { readonly 'no module publishes the event': Exclude<Consumed, Published> };

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
export function application<
  Commands extends CommandDefinition,
  Queries extends QueryDefinition,
  Published extends string,
  Consumed extends string,
>(
  name: string,
  options: ApplicationOptions<Commands, Queries, Published, Consumed> & Checked<Published, Consumed>,
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
    owners: {
      events: ownersOf(
        options.modules,
        (module) => [...module.publishes, ...module.events],
        ({ type }) => type,
      ),
      commands: ownersOf(
        options.modules,
        (module) => module.commands,
        ({ type }) => type,
      ),
      reactions: ownersOf(
        options.modules,
        (module) => module.reactions,
        (reaction) => reaction.name,
      ),
    },
  });
}

function ownersOf<T>(
  modules: readonly ModuleDefinition[],
  pick: (module: ModuleDefinition) => readonly T[],
  nameOf: (one: T) => string,
): ReadonlyMap<string, string> {
  return new Map(modules.flatMap((module) => pick(module).map((one) => [nameOf(one), module.name] as const)));
}

function moduleProblems(module: ModuleDefinition, modules: readonly ModuleDefinition[]): string[] {
  const own = typesOf([...module.publishes, ...module.events]);
  const consumed = typesOf(module.consumes);
  const published = typesOf(modules.filter((other) => other !== module).flatMap((other) => other.publishes));
  const problems: string[] = [];
  for (const type of consumed) {
    if (published.has(type)) continue;
    problems.push(`module ${module.name} consumes ${type}, which no other module publishes.`);
  }
  const look = (what: string, types: Iterable<string>) => {
    for (const type of types) {
      if (own.has(type) || consumed.has(type)) continue;
      problems.push(
        `${what} of module ${module.name} is about ${type}, which ${module.name} neither has nor consumes.`,
      );
    }
  };
  for (const readModel of module.readModels) look(`read model ${readModel.name}`, readModel.handlers.keys());
  for (const reaction of module.reactions) {
    look(`reaction ${reaction.name}`, typesOf(reactionEvents(reaction)));
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

function typesOf(events: readonly EventDefinition[]): ReadonlySet<string> {
  return new Set(events.map(({ type }) => type));
}

/** The events that a reaction or process manager is about. */
export function reactionEvents(reaction: AnyReaction): readonly EventDefinition[] {
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
