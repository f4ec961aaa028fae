import type { Actor } from './actor.js';
import { DefinitionError } from './errors.js';
import type { NewEvent } from './event.js';
import type { JsonObject } from './json.js';
import { checkName, checkVersion } from './name.js';
import type { Rejection, RejectionMessages } from './rejection.js';
import { checkSchema, type Input, type Output, type Schema } from './schema.js';
import type { StateOf, StateReference } from './state.js';
import type { Today } from './today.js';

/** What a decision depends on, by the name under which `decide` gets it. */
export type Reads = { readonly [name: string]: StateReference<any, any> } & {
  readonly [Name in keyof Given]?: NameTaken;
};

/** The states behind references, under the same names. */
export type StatesOf<R> = { readonly [Name in keyof R as Name extends keyof Given ? never : Name]: StateOf<R[Name]> };

/** What is shown in a compile error when a state is called like something that `decide` is given anyway. */
interface NameTaken {
  readonly 'decide is given this already: call the state something else': never;
}

/** What every decision is given besides its states. State names must not collide with these. */
interface Given {
  readonly data: unknown;
  readonly reject: unknown;
  readonly now: unknown;
  readonly today: unknown;
  readonly commandId: unknown;
  readonly actor: unknown;
}

/** What `decide` gets: the command's data, the states it reads by name, and the means to judge. */
export type Decision<Data, Code extends string, States> = {
  readonly data: Data;
  /** `return reject('AlreadyOut')` refuses the command. Nothing is thrown. */
  readonly reject: <C extends Code>(code: C, details?: JsonObject) => Rejection<C>;
  /** The instant of the decision. The only clock a decision may look at. */
  readonly now: Date;
  /** The date of the decision in the application's time zone. */
  readonly today: Today;
  readonly commandId: string;
  /** Who asked, when the application authenticates. */
  readonly actor: Actor | undefined;
} & States;

/**
 * What `decide` may return: an event, several (appended together or not at all), nothing to change, or a rejection. Events get their ids
 * and metadata afterwards: those that they have are left out.
 */
export type Decided<Code extends string = string> = NewEvent | readonly NewEvent[] | Rejection<Code> | undefined;

/** What `command()` takes besides the name. Write the properties in this order: types flow from one to the next. */
export interface CommandOptions<
  S extends Schema,
  First extends Reads,
  Then extends Reads,
  Messages extends RejectionMessages,
> {
  /** The schema's version, from 1. */
  readonly version?: number;
  /** One sentence for the documentation. */
  readonly description?: string;
  /** What the caller sends. */
  readonly data: S;
  /** The states the decision depends on. What they read is the command's consistency boundary. */
  readonly reads?: (data: Output<S>) => First;
  /** More states, which can only be named once the first are known: the queue of the title that a copy belongs to. */
  readonly thenReads?: (known: { readonly data: Output<S> } & StatesOf<First>) => Then;
  /** Why it can be refused, by code. `reject` takes no other. */
  readonly rejections?: Messages;
  /** Who may ask. Called before anything is read; `false` refuses with `forbidden`. */
  readonly authorize?: (actor: Actor | undefined, data: Output<S>) => boolean;
  /**
   * Judges. A pure function: no I/O, no clock but `now` and `today`, no randomness. It is called again on fresh states
   * when another command got in between.
   */
  readonly decide: (
    decision: Decision<Output<S>, keyof NoInfer<Messages> & string, StatesOf<First> & StatesOf<Then>>,
  ) => Decided<keyof NoInfer<Messages> & string>;
}

/** A request to change state: which command, with what. Made by calling the definition: `BorrowCopy({ … })`. */
export interface CommandRequest<Name extends string = string, Data = any, Code extends string = string> {
  readonly kind: 'command-request';
  readonly command: CommandDefinition<Name, Data, Code>;
  readonly data: Data;
}

/** The definition of a command: call it with its data to get a request that `execute` takes. */
export interface CommandDefinition<Name extends string = string, Data = any, Code extends string = string> {
  (data: Data): CommandRequest<Name, Data, Code>;
  readonly kind: 'command';
  /** The command's name. (`name` is taken: definitions are functions.) */
  readonly type: Name;
  readonly version: number;
  readonly description: string | undefined;
  readonly schema: Schema;
  readonly rejections: { readonly [C in Code]?: string };
  readonly reads: (data: any) => { readonly [name: string]: StateReference };
  readonly thenReads: ((known: any) => { readonly [name: string]: StateReference }) | undefined;
  readonly authorize: ((actor: Actor | undefined, data: any) => boolean) | undefined;
  readonly decide: (decision: any) => Decided<Code>;
}

/** Says, for the compiler, which events the states of a command are folded from. */
export interface FoldsEvents<Folded extends string> {
  readonly '~folds'?: Folded;
}

/** The events that states are folded from. */
type FoldedBy<R> = R extends unknown ? FoldedInto<R[keyof R]> : never;
type FoldedInto<Reference> = Reference extends StateReference<any, infer Folded> ? Folded : never;

/** The data a command takes, from its definition. */
export type CommandData<C extends CommandDefinition> =
  C extends CommandDefinition<string, infer Data, any> ? Data : never;

/** The codes a command can be rejected with, from its definition. */
export type RejectionCode<C extends CommandDefinition> =
  C extends CommandDefinition<string, any, infer Code> ? Code : never;

/**
 * Defines a command: a request to change state, named in the imperative.
 *
 * ```ts
 * export const ReturnCopy = command('ReturnCopy', {
 *   data: z.object({ copyId: z.string() }),
 *   reads: (c) => ({ copy: copy(c.copyId) }),
 *   rejections: { NotOut: 'The copy is not on loan' },
 *   decide: ({ data, copy, reject }) =>
 *     copy.status === 'out' ? CopyReturned({ ...data, memberId: copy.memberId }) : reject('NotOut'),
 * });
 * ```
 *
 * @throws DefinitionError when the name or version is unusable
 */
export function command<
  const Name extends string,
  S extends Schema,
  First extends Reads = Record<never, never>,
  Then extends Reads = Record<never, never>,
  const Messages extends RejectionMessages = Record<never, never>,
>(
  name: Name,
  options: CommandOptions<S, First, Then, Messages>,
): CommandDefinition<Name, Input<S>, keyof Messages & string> & FoldsEvents<FoldedBy<First> | FoldedBy<Then>> {
  checkName('a command', name);
  const version = options.version ?? 1;
  checkVersion('command', name, version);
  checkSchema(`The \`data\` of command ${name}`, options.data);
  if (typeof options.decide !== 'function') throw new DefinitionError(`Command ${name} has no decide function.`);

  const request = (data: Input<S>) => ({ kind: 'command-request' as const, command: definition, data });
  const definition: CommandDefinition<Name, Input<S>, keyof Messages & string> = Object.freeze(
    Object.assign(request, {
      kind: 'command' as const,
      type: name,
      version,
      description: options.description,
      schema: options.data as Schema,
      rejections: (options.rejections ?? {}) as { readonly [C in keyof Messages & string]: string },
      reads: (options.reads ?? noReads) as CommandDefinition['reads'],
      thenReads: options.thenReads as CommandDefinition['thenReads'],
      authorize: options.authorize,
      decide: options.decide as CommandDefinition<Name, Input<S>, keyof Messages & string>['decide'],
    }),
  );
  return definition;
}

const nothing = Object.freeze({});
const noReads = () => nothing;
