import { DefinitionError } from './errors.js';
import type { CarriesTags, DataOf, EventDefinition, RecordedEvent } from './event.js';
import { checkTagName, checkTagValue, type TagValue, tag } from './tag.js';

/** The tags a state is folded from: one name, several (all must match), or none (every event of the types it handles). */
export type StateTags = string | readonly string[];

/** What a state is called with: an id, an object of ids, or nothing. */
export type StateKey<Tags extends StateTags> = Tags extends string
  ? [id: TagValue]
  : Tags extends readonly []
    ? []
    : [ids: { readonly [Name in Tags[number]]: TagValue }];

type TagNames<Tags extends StateTags> = Tags extends string ? Tags : Tags[number];

/** How one type of event changes a state. It must not change `state` in place: states are shared between commands. */
export type Fold<State, Event extends EventDefinition> = (
  state: State,
  data: DataOf<Event>,
  event: RecordedEvent<Event['type'], DataOf<Event>>,
) => State;

/**
 * A decision state: a fold over the events that a decision depends on.
 *
 * Call it with what it is about to say which one is meant: `copy('c1')`.
 */
export interface StateDefinition<State, Tags extends StateTags = StateTags, Folded extends string = string> {
  (...key: StateKey<Tags>): StateReference<State, Folded>;
  readonly kind: 'state';
  readonly initial: State;
  readonly tagNames: readonly string[];
  /** How each event type changes the state. */
  readonly folds: ReadonlyMap<string, Fold<State, EventDefinition>>;
  /**
   * Says how an event changes the state. Returns a new definition; this one stays as it is.
   *
   * The event must carry the tags that the state is folded from: one that does not is a compile error.
   */
  on<Event extends EventDefinition>(
    event: Event & CarriesTags<Event, TagNames<Tags>>,
    fold: (state: State, data: DataOf<Event>, event: RecordedEvent<Event['type'], DataOf<Event>>) => State,
  ): StateDefinition<State, Tags, Folded | Event['type']>;
}

/** One particular state: which definition, and about what. The second type parameter names the events that it folds. */
export interface StateReference<State = unknown, Folded extends string = string> {
  readonly kind: 'state-reference';
  readonly definition: StateDefinition<State, any>;
  /** The tags an event must all carry to count, as `name:value`. */
  readonly tags: readonly string[];
  /** The event types that count. */
  readonly types: readonly string[];
  /** Only for the compiler: which events it folds. */
  readonly '~folds'?: Folded;
}

/** The state that a reference stands for. */
export type StateOf<Reference> = Reference extends StateReference<infer State, any> ? State : never;

/**
 * Defines a decision state.
 *
 * ```ts
 * const copy = state('copy', { initial: { status: 'unknown' } as Copy })   // folds the events tagged copy:<id>
 *   .on(CopyAdded, () => ({ status: 'in' }))
 *   .on(CopyBorrowed, (copy) => ({ ...copy, status: 'out' }));
 *
 * const enrolment = state(['course', 'student'], { initial: false })       // events tagged with both
 * const lastInvoice = state([], { initial: 0 })                            // every event of the types it handles
 * ```
 *
 * @throws DefinitionError when a tag name is unusable
 */
export function state<const Tags extends StateTags, State>(
  tags: Tags,
  options: { readonly initial: State },
): StateDefinition<State, Tags, never> {
  const tagNames: readonly string[] = typeof tags === 'string' ? [tags] : tags;
  for (const name of tagNames) checkTagName(name);
  return define(tagNames, typeof tags === 'string', options.initial, new Map());
}

function define<State, Tags extends StateTags>(
  tagNames: readonly string[],
  single: boolean,
  initial: State,
  folds: ReadonlyMap<string, Fold<State, EventDefinition>>,
): StateDefinition<State, Tags, never> {
  const types = [...folds.keys()];

  const refer = (key?: TagValue | Readonly<Record<string, TagValue>>): StateReference<State, any> => {
    if (types.length === 0) {
      throw new DefinitionError(`The state of ${tagNames.join(' and ') || 'the log'} handles no event. Add .on(…).`);
    }
    const tags = tagNames.map((name) => {
      const value = single ? (key as TagValue) : (key as Readonly<Record<string, TagValue>> | undefined)?.[name];
      if (value === undefined) throw new DefinitionError(`A state needs a value for the tag "${name}".`);
      checkTagValue(name, value);
      return tag(name, value);
    });
    return { kind: 'state-reference', definition, tags, types };
  };

  const on = (event: EventDefinition, fold: Fold<State, EventDefinition>): StateDefinition<State, Tags, any> => {
    if (folds.has(event.type)) {
      throw new DefinitionError(`The state of ${tagNames.join(' and ') || 'the log'} handles ${event.type} twice.`);
    }
    return define(tagNames, single, initial, new Map(folds).set(event.type, fold));
  };

  const definition = Object.freeze(
    Object.assign(refer, { kind: 'state' as const, initial, tagNames, folds, on }),
  ) as unknown as StateDefinition<State, Tags, never>;
  return definition;
}
