import { CarillonError } from './errors.js';
import type { AsJson, JsonObject } from './json.js';
import { checkName, checkVersion } from './name.js';
import { checkSchema, type Output, type Schema, validateSync } from './schema.js';
import { checkTagName, type TagValues, tagList } from './tag.js';

/** An event that has not been appended yet. Made by calling its definition: `CopyBorrowed({ copyId: 'c1', … })`. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  /** The version of the schema that `data` fits. */
  readonly version: number;
  readonly data: Data;
  /** What the event is about, as `name:value`. */
  readonly tags: readonly string[];
  /** A globally unique id. Without one the log gives it a UUIDv7. */
  readonly id?: string;
  /** What is known about the event besides its data: the command that caused it, the trace, the actor. */
  readonly metadata?: JsonObject;
}

/** An event as it stands in the log. Never changed, never deleted. */
export interface RecordedEvent<Type extends string = string, Data = unknown> extends NewEvent<Type, Data> {
  readonly id: string;
  readonly metadata: JsonObject;
  /** The event's place in the log: 1, 2, 3, … without gaps. */
  readonly position: number;
  /** When it was appended, by the log's clock. */
  readonly recordedAt: Date;
}

/** What `event()` takes besides the name. */
export interface EventOptions<S extends Schema, Tags extends TagValues> {
  /** The schema's version, from 1. Raise it when the shape of `data` changes. */
  readonly version?: number;
  /**
   * What the event says. It must survive JSON, and must not be transformed by its schema: facts are kept as they are. The schema is checked
   * where an event is made, so that it has no asynchronous checks. What is in the log already is not checked again.
   */
  readonly data: S & EventSchema<S>;
  /** What the event is about: `e => ({ copy: e.copyId })` tags it `copy:<copyId>`. */
  readonly tags?: (data: Output<S>) => Tags;
  /** One sentence for the documentation. */
  readonly description?: string;
}

/** Fits schemas whose output survives JSON and is a valid input again. */
export type EventSchema<S extends Schema> =
  Output<S> extends AsJson<Output<S>>
    ? Schema<Output<S>, unknown> | Schema<never, unknown>
    : Schema<never, AsJson<Output<S>>>;

/**
 * The definition of an event: call it to make one.
 *
 * The third type parameter names the tags it carries; decision states can only fold events that carry theirs.
 */
export interface EventDefinition<Type extends string = string, Data = any, Tag extends string = never> {
  /** @throws ValidationError when `data` does not fit the schema */
  (data: Data): NewEvent<Type, Data>;
  readonly kind: 'event';
  readonly type: Type;
  readonly version: number;
  readonly schema: Schema;
  readonly description: string | undefined;
  /** Only for the compiler: which tags the event carries. */
  readonly '~tag'?: (tag: Tag) => void;
}

/** The data of an event, from its definition: `DataOf<typeof CopyBorrowed>`. */
export type DataOf<E extends EventDefinition> = E extends EventDefinition<string, infer Data, never> ? Data : never;

/** Which tags an event carries, by name. */
type TagOf<E> = E extends EventDefinition<string, any, infer Tag> ? Tag : never;

/**
 * Fits an event that carries the tags of these names. One that does not is shown, in a compile error, a property that it would need and
 * whose name says what is missing.
 */
export type CarriesTags<E extends EventDefinition, Names extends string> = [Exclude<Names, TagOf<E>>] extends [never]
  ? unknown
  : { readonly [Message in `event ${E['type']} does not carry the tag "${Exclude<Names, TagOf<E>>}"`]: never };

/**
 * Defines an event: a fact that happened, named in the past tense.
 *
 * ```ts
 * export const CopyReturned = event('CopyReturned', {
 *   data: z.object({ copyId: z.string(), memberId: z.string() }),
 *   tags: (e) => ({ copy: e.copyId, member: e.memberId }),
 * });
 * ```
 *
 * @throws DefinitionError when the name or version is unusable
 */
export function event<const Type extends string, S extends Schema, Tags extends TagValues = Record<never, never>>(
  type: Type,
  options: EventOptions<S, Tags>,
): EventDefinition<Type, Output<S>, keyof Tags & string> {
  checkName('an event', type);
  const version = options.version ?? 1;
  checkVersion('event', type, version);
  const { tags } = options;
  const schema: Schema = options.data;
  checkSchema(`The \`data\` of event ${type}`, schema);
  const knownTagNames = new Set<string>();

  const make = (data: Output<S>): NewEvent<Type, Output<S>> => {
    const checked = validateSync(schema, data, `The data of event ${type}`) as Output<S>;
    return { type, version, data: checked, tags: tags === undefined ? [] : writeTags(tags(checked), knownTagNames) };
  };

  return Object.freeze(
    Object.assign(make, { kind: 'event' as const, type, version, schema, description: options.description }),
  );
}

function writeTags(values: TagValues, knownTagNames: Set<string>): string[] {
  for (const name in values) {
    if (knownTagNames.has(name)) continue;
    checkTagName(name);
    knownTagNames.add(name);
  }
  return tagList(values);
}

/** Whether a value is an event that was made by a definition, or has the same shape. */
export function isNewEvent(value: unknown): value is NewEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as NewEvent).type === 'string' &&
    typeof (value as NewEvent).version === 'number' &&
    Array.isArray((value as NewEvent).tags) &&
    'data' in value
  );
}

/** The event has a type that no module of the application declares. */
export class UnknownEventError extends CarillonError {
  readonly type: string;

  constructor(type: string, where: string) {
    super(
      'event-unknown',
      `${where} made an event of type ${type}, which no module declares. Add it to a module's \`publishes\` or \`events\`.`,
    );
    this.type = type;
  }
}
