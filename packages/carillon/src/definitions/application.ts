import type { CommandDefinition } from './command.js';
import { DefinitionError } from './errors.js';
import type { EventDefinition } from './event.js';
import type { AnyReaction, ModuleDefinition, ModuleEvents } from './module.js';
import { checkName } from './name.js';
import type { ProcessManagerDefinition } from './process-manager.js';
import type { QueryDefinition } from './query.js';
import type { ReadModelDefinition } from './read-model.js';

/** What `application()` takes besides the name. */
export interface ApplicationOptions<
  Modules extends readonly ModuleDefinition[] = readonly ModuleDefinition[],
  Elsewhere extends readonly ModuleDefinition[] = readonly ModuleDefinition[],
> {
  readonly modules: Modules;
  /** Modules of the same system that other services run: what they publish comes in through an inbox. See `hosting`. */
  readonly elsewhere?: Elsewhere;
  /** The name under which the services of one system know each other. Default: the application's own. */
  readonly system?: string;
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
  /** Modules of the same system that other services run. */
  readonly elsewhere: readonly ModuleDefinition[];
  /** The name under which the services of one system know each other. */
  readonly system: string;
  /** The events of its own modules. */
  readonly events: ReadonlyMap<string, EventDefinition>;
  readonly commands: ReadonlyMap<string, Commands>;
  readonly readModels: ReadonlyMap<string, ReadModelDefinition<string, any>>;
  readonly queries: ReadonlyMap<string, Queries>;
  /** Reactions and process managers. */
  readonly reactions: ReadonlyMap<string, AnyReaction>;
  /** The name of the module that each event, command and reaction belongs to. */
  readonly owners: Owners;
  /** What its modules consume of those elsewhere: the types of the events, by the name of the module that publishes them. */
  readonly imports: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Which module something belongs to, by its name. */
export interface Owners {
  readonly events: ReadonlyMap<string, string>;
  readonly commands: ReadonlyMap<string, string>;
  readonly reactions: ReadonlyMap<string, string>;
}

/** What goes out of modules, or comes in. */
type EventsOf<Module, Way extends keyof ModuleEvents> = Module extends {
  readonly '~events'?: infer Events extends ModuleEvents;
}
  ? Events[Way]
  : never;

/** The events that a module consumes though none publishes them. Where the types are not known, they are looked at when it runs. */
type Unpublished<Module, Published> =
  string extends EventsOf<Module, 'consumes'> ? never : Exclude<EventsOf<Module, 'consumes'>, Published>;

/** The modules, when all that they consume is published; otherwise with a property that nobody has, whose name says what is wrong. */
type CheckedModules<Modules extends readonly ModuleDefinition[], Elsewhere extends readonly ModuleDefinition[]> = {
  readonly [Index in keyof Modules]: CheckedConsumer<
    Modules[Index],
    EventsOf<Modules[number] | Elsewhere[number], 'publishes'>
  >;
};
type CheckedConsumer<Module, Published> = Module extends unknown
  ? [Unpublished<Module, Published>] extends [never]
    ? Module
    : Module & { readonly [Type in Unpublished<Module, Published> as `event ${Type} is published by no module`]: never }
  : never;

/** The commands of an application, from its type. */
export type CommandsOf<App> = App extends Application<infer Commands, any> ? Commands : never;

/** The queries of an application, from its type. */
export type QueriesOf<App> = App extends Application<any, infer Queries> ? Queries : never;

/**
 * Puts modules together. A module that consumes what no other one publishes does not compile.
 *
 * @throws DefinitionError naming everything that does not fit: names given twice, events that are neither declared nor consumed,
 * or consumed and not published, queries from read models of other modules, unknown time zones
 */
export function application<
  const Modules extends readonly ModuleDefinition[],
  const Elsewhere extends readonly ModuleDefinition[] = readonly [],
>(
  name: string,
  options: ApplicationOptions<Modules, Elsewhere> & { readonly modules: CheckedModules<Modules, Elsewhere> },
): Application<Modules[number]['commands'][number], Modules[number]['queries'][number]> {
  checkName('an application', name);
  const { modules, timeZone = 'UTC', system = name } = options;
  const elsewhere: readonly ModuleDefinition[] = options.elsewhere ?? [];
  checkName('a system', system);
  const problems: string[] = [];
  if (!isTimeZone(timeZone)) problems.push(`"${timeZone}" is not an IANA time zone.`);

  /** What the modules have of one kind, by name, and the modules that it belongs to. */
  const collect = <T>(what: string, pick: (module: Modules[number]) => readonly T[], nameOf: (one: T) => string) => {
    const found = new Map<string, T>();
    const owners = new Map<string, string>();
    for (const module of modules) {
      for (const one of pick(module)) {
        const oneName = nameOf(one);
        const owner = owners.get(oneName);
        if (owner !== undefined)
          problems.push(`${what} ${oneName} is declared twice: in ${owner} and in ${module.name}.`);
        owners.set(oneName, module.name);
        found.set(oneName, one);
      }
    }
    return { found, owners };
  };
  const byType = ({ type }: { readonly type: string }) => type;
  const byName = (one: { readonly name: string }) => one.name;

  collect('module', (module) => [module], byName);
  for (const { name: other } of elsewhere) {
    if (modules.some((module) => module.name === other)) problems.push(`module ${other} is here and elsewhere.`);
  }
  const events = collect('event', (module) => [...module.publishes, ...module.events], byType);
  const commands = collect<Modules[number]['commands'][number]>('command', (module) => module.commands, byType);
  const readModels = collect('read model', (module) => module.readModels, byName);
  const queries = collect<Modules[number]['queries'][number]>('query', (module) => module.queries, byType);
  const reactions = collect('reaction', (module) => module.reactions, byName);
  problems.push(...modules.flatMap((module) => moduleProblems(module, [...modules, ...elsewhere])));

  if (problems.length > 0) {
    throw new DefinitionError(`Application ${name} does not fit together:\n  ${problems.join('\n  ')}`);
  }
  return Object.freeze({
    kind: 'application' as const,
    name,
    description: options.description,
    timeZone,
    modules,
    elsewhere,
    system,
    events: events.found,
    commands: commands.found,
    readModels: readModels.found,
    queries: queries.found,
    reactions: reactions.found,
    owners: { events: events.owners, commands: commands.owners, reactions: reactions.owners },
    imports: importsOf(modules, elsewhere),
  });
}

function importsOf(
  modules: readonly ModuleDefinition[],
  elsewhere: readonly ModuleDefinition[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const consumed = typesOf(modules.flatMap((module) => module.consumes));
  const imports = new Map<string, ReadonlySet<string>>();
  for (const { name, publishes } of elsewhere) {
    const types = publishes.map(({ type }) => type).filter((type) => consumed.has(type));
    if (types.length > 0) imports.set(name, new Set(types));
  }
  return imports;
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
    if (reaction.kind === 'process-manager') problems.push(...processProblems(reaction, module));
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

function processProblems(
  { name, events, timers, steps }: ProcessManagerDefinition,
  module: ModuleDefinition,
): string[] {
  const problems = timers
    .filter((timer) => !steps.onTimer.has(timer))
    .map((timer) => `process manager ${name} does not say what it does when its timer ${timer} fires: add .onTimer.`);
  if (events.length === 0) problems.push(`process manager ${name} looks at no event: add .on.`);
  for (const type of steps.onRejected.keys()) {
    if (module.commands.some((command) => command.type === type)) continue;
    problems.push(
      `process manager ${name} waits for rejections of ${type}, which is not a command of module ${module.name}.`,
    );
  }
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
