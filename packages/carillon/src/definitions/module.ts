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
export interface ModuleOptions<
  Commands extends CommandDefinition = CommandDefinition,
  Queries extends QueryDefinition = QueryDefinition,
> {
  readonly description?: string;
  /** The events that other modules may know. */
  readonly publishes?: readonly AnyEvent[];
  /** The events that stay inside. */
  readonly events?: readonly AnyEvent[];
  /** The events of other modules that this one listens to. They must be published. */
  readonly consumes?: readonly AnyEvent[];
  readonly commands?: readonly Commands[];
  readonly readModels?: readonly ReadModelDefinition<string, any>[];
  readonly queries?: readonly Queries[];
  /** Reactions and process managers. */
  readonly reactions?: readonly AnyReaction[];
}

/**
 * A bounded part of an application. Modules know each other's published events and nothing else.
 *
 * The last two type parameters name the events that it publishes and those that it consumes.
 */
export interface ModuleDefinition<
  Commands extends CommandDefinition = CommandDefinition,
  Queries extends QueryDefinition = QueryDefinition,
  Published extends string = string,
  Consumed extends string = string,
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
  /** Only for the compiler: the events that it publishes. */
  readonly '~publishes'?: Published;
  /** Only for the compiler: the events that it consumes. */
  readonly '~consumes'?: Consumed;
}

/** The elements of lists, any of which may be left out. */
type Each<Options, List extends keyof ModuleOptions> = List extends keyof Options
  ? Options[List] extends readonly (infer One)[]
    ? One
    : never
  : never;

/** The types of the events in lists. */
type TypesIn<Options, List extends 'publishes' | 'events' | 'consumes'> = TypeOf<Each<Options, List>>;
type TypeOf<Event> = Event extends AnyEvent ? Event['type'] : never;

/** Names that the compiler knows; where it only knows that there are some, the application looks when it is put together. */
type Known<Names> = string extends Names ? never : NonNullable<Names>;

type HandledBy<Part> = Part extends { readonly '~handles'?: infer Handled } ? Known<Handled> : never;
type FoldedBy<Command> = Command extends FoldsEvents<infer Folded> ? Known<Folded> : never;
type FromOf<Query> = Query extends ReadsFrom<infer From> ? Known<From> : never;
type NameOf<ReadModel> = ReadModel extends ReadModelDefinition<infer Name, any, any> ? Name : never;

/** The events that a module looks at without having or consuming them. */
type Strange<Options> = Exclude<
  HandledBy<Each<Options, 'readModels'> | Each<Options, 'reactions'>> | FoldedBy<Each<Options, 'commands'>>,
  TypesIn<Options, 'publishes' | 'events' | 'consumes'>
>;

/** The read models that a module asks without having them. */
type Foreign<Options> = Exclude<FromOf<Each<Options, 'queries'>>, NameOf<Each<Options, 'readModels'>>>;

/** Nothing when the module knows what it uses; otherwise a property that nobody has, whose name says what is wrong. */
type Checked<Options> = ([Strange<Options>] extends [never]
  ? unknown
  : { readonly 'this module neither has nor consumes the event': Strange<Options> }) &
  ([Foreign<Options>] extends [never]
    ? unknown
    : { readonly 'this module asks a read model of another one': Foreign<Options> });

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
 * A module that looks at an event which it neither has nor consumes does not compile, nor does one with a query of another
 * module's read model.
 *
 * @throws DefinitionError when the name is unusable
 */
export function module<const Options extends ModuleOptions<any, any>>(
  name: string,
  options: Options & Checked<Options>,
): ModuleDefinition<
  Extract<Each<Options, 'commands'>, CommandDefinition>,
  Extract<Each<Options, 'queries'>, QueryDefinition>,
  TypesIn<Options, 'publishes'>,
  TypesIn<Options, 'consumes'>
> {
  checkName('a module', name);
  const given: ModuleOptions<any, any> = options;
  return Object.freeze({
    kind: 'module' as const,
    name,
    description: given.description,
    publishes: given.publishes ?? [],
    events: given.events ?? [],
    consumes: given.consumes ?? [],
    commands: given.commands ?? [],
    readModels: given.readModels ?? [],
    queries: given.queries ?? [],
    reactions: given.reactions ?? [],
  });
}
