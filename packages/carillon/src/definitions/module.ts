import type { CommandDefinition, FoldsEvents } from './command.js';
import type { EventDefinition } from './event.js';
import { checkName } from './name.js';
import type { ProcessManagerDefinition } from './process-manager.js';
import type { QueryDefinition, ReadsFrom } from './query.js';
import type { ReactionDefinition } from './reaction.js';
import type { ReadModelDefinition } from './read-model.js';

/** What a module does when events happen: reactions, and process managers, which are reactions with state and timers. */
export type AnyReaction = ReactionDefinition<string, any> | ProcessManagerDefinition;

/** A definition of an event, whatever it is called and carries. */
type AnyEvent = EventDefinition;

/** What a module consists of. */
export interface ModuleOptions {
  readonly description?: string;
  /** The events that other modules may know. */
  readonly publishes?: readonly AnyEvent[];
  /** The events that stay inside. */
  readonly events?: readonly AnyEvent[];
  /** The events of other modules that this one listens to. They must be published. */
  readonly consumes?: readonly AnyEvent[];
  readonly commands?: readonly CommandDefinition[];
  readonly readModels?: readonly ReadModelDefinition<string, any>[];
  readonly queries?: readonly QueryDefinition[];
  /** Reactions and process managers. */
  readonly reactions?: readonly AnyReaction[];
}

/** Which events go out of a module and come in, by type. */
export interface ModuleEvents {
  readonly publishes: string;
  readonly consumes: string;
}

/** A bounded part of an application. Modules know each other's published events and nothing else. */
export interface ModuleDefinition<
  Commands extends CommandDefinition = CommandDefinition,
  Queries extends QueryDefinition = QueryDefinition,
  Events extends ModuleEvents = ModuleEvents,
> {
  readonly kind: 'module';
  readonly name: string;
  readonly description: string | undefined;
  readonly publishes: readonly AnyEvent[];
  readonly events: readonly AnyEvent[];
  readonly consumes: readonly AnyEvent[];
  readonly commands: readonly Commands[];
  readonly readModels: readonly ReadModelDefinition<string, any>[];
  readonly queries: readonly Queries[];
  readonly reactions: readonly AnyReaction[];
  /** Only for the compiler: the events that it publishes and consumes. */
  readonly '~events'?: Events;
}

/** The elements of a list, which may be left out. */
type Each<Options, List extends keyof ModuleOptions, Part> = List extends keyof Options
  ? ElementOf<Options[List], Part>
  : never;
type ElementOf<List, Part> = List extends readonly (infer One extends Part)[] ? One : never;

/** The types of the events in a list. */
type TypesIn<Options, List extends 'publishes' | 'events' | 'consumes'> = Each<Options, List, AnyEvent>['type'];

type CommandOf<Command> =
  Command extends CommandDefinition<infer Name, infer Data, infer Code> ? CommandDefinition<Name, Data, Code> : never;
type QueryOf<Query> =
  Query extends QueryDefinition<infer Name, infer Params, infer Result> ? QueryDefinition<Name, Params, Result> : never;
type NameOf<ReadModel> = ReadModel extends ReadModelDefinition<infer Name, any> ? Name : never;

/** Names that the compiler knows; where it only knows that there are some, the application looks when it is put together. */
type Known<Names> = string extends Names ? never : Names & string;

type HandledBy<Part> = Part extends { readonly '~handles'?: infer Handled } ? Known<Handled> : never;
type FoldedBy<Command> = Command extends FoldsEvents<infer Folded> ? Known<Folded> : never;
type FromOf<Query> = Query extends ReadsFrom<infer From> ? Known<From> : never;

/** The events that a part of a module looks at. */
type LookedAt<List, Part> = List extends 'readModels' | 'reactions'
  ? HandledBy<Part>
  : List extends 'commands'
    ? FoldedBy<Part>
    : never;

/** What is wrong with a part of a module, in words. */
type Problem<Options, List, Part> =
  | `event ${Exclude<LookedAt<List, Part>, TypesIn<Options, 'publishes' | 'events' | 'consumes'>>} is neither declared nor consumed by this module`
  | (List extends 'queries'
      ? `read model ${Exclude<FromOf<Part>, NameOf<Each<Options, 'readModels', unknown>>>} does not belong to this module`
      : never)
  | (List extends 'consumes'
      ? `event ${Known<Part extends AnyEvent ? Part['type'] : never> & TypesIn<Options, 'publishes' | 'events'>} is this module's own`
      : never);

/** A part as it is when nothing is wrong with it; otherwise one that nobody has, with a property whose name says what is wrong. */
type CheckedPart<Options, List, Part> = Part extends unknown
  ? [Problem<Options, List, Part>] extends [never]
    ? Part
    : Part & { readonly [Message in Problem<Options, List, Part>]: never }
  : never;

type CheckedList<Options, List, Parts> = { readonly [Index in keyof Parts]: CheckedPart<Options, List, Parts[Index]> };

/** The options, when the module has or consumes all that it uses. */
type CheckedOptions<Options> = {
  readonly [List in keyof Options]: List extends 'description'
    ? string
    : List extends keyof ModuleOptions
      ? CheckedList<Options, List, Options[List]>
      : { readonly 'a module has no such option': never };
};

/**
 * Defines a module.
 *
 * ```ts
 * export const circulation = module('circulation', {
 *   publishes: [CopyBorrowed, CopyReturned],
 *   consumes: [MemberRegistered],
 *   commands: [BorrowCopy, ReturnCopy],
 * });
 * ```
 *
 * A read model, reaction or command that looks at an event which the module neither has nor consumes does not compile, nor does
 * a query of another module's read model.
 *
 * @throws DefinitionError when the name is unusable
 */
export function module<const Options extends ModuleOptions>(
  name: string,
  options: Options & CheckedOptions<Options>,
): ModuleDefinition<
  CommandOf<Each<Options, 'commands', unknown>>,
  QueryOf<Each<Options, 'queries', unknown>>,
  { publishes: TypesIn<Options, 'publishes'>; consumes: TypesIn<Options, 'consumes'> }
>;
export function module(name: string, options: ModuleOptions): ModuleDefinition<any, any> {
  checkName('a module', name);
  return Object.freeze({
    kind: 'module' as const,
    name,
    description: options.description,
    publishes: options.publishes ?? [],
    events: options.events ?? [],
    consumes: options.consumes ?? [],
    commands: options.commands ?? [],
    readModels: options.readModels ?? [],
    queries: options.queries ?? [],
    reactions: options.reactions ?? [],
  });
}
