import type { RecordedEvent } from '../definitions/event.js';
import type { StateReference } from '../definitions/state.js';
import type { Loaded, LoadRead, Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import type { LogQuery, LogQueryItem } from '../log/log-query.js';
import type { CachedState, StateCache } from './state-cache.js';

/** What a decision rests on: its states, as of a position. */
export class Boundary {
  readonly states: { [name: string]: unknown } = {};
  readonly items: LogQueryItem[] = [];
  /** As of which position everything was read; undefined when nothing was. */
  position: number | undefined;
  /** Settles when all that was read is durable; undefined when it is. */
  durable: Promise<void> | undefined;

  /** The query that an append on this boundary must not find anything for, after `position`. */
  get query(): LogQuery {
    return { items: this.items };
  }
}

/** The log and the states already folded from it. */
export interface Sources {
  readonly log: Log;
  readonly cache: StateCache;
  /** Folded states are frozen, so that a fold that changes its state in place fails at once. For tests. */
  readonly freezeStates: boolean;
}

/**
 * Brings the states behind `references` up to date and adds them to the boundary. `extra` is read along with them, and
 * its events are returned. Synchronous when the log answers synchronously.
 *
 * @throws AppendConditionError when what was read before has changed since
 */
export function extendBoundary(
  boundary: Boundary,
  references: { readonly [name: string]: StateReference },
  sources: Sources,
  extra?: LogQueryItem,
): readonly RecordedEvent[] | Promise<readonly RecordedEvent[]> {
  const names = Object.keys(references);
  if (names.length === 0 && extra === undefined && boundary.position !== undefined) return [];
  const earlier = boundary.items.length === 0 ? undefined : { items: [...boundary.items] };
  const cached: (CachedState | undefined)[] = [];
  const reads: LoadRead[] = [];
  for (const name of names) {
    const reference = references[name]!;
    const known = sources.cache.get(reference);
    const item = { types: reference.types, tags: reference.tags };
    cached.push(known);
    boundary.items.push(item);
    reads.push({ query: { items: [item] }, after: known?.position ?? 0 });
  }
  if (extra !== undefined) {
    boundary.items.push(extra);
    reads.push({ query: { items: [extra] }, after: 0 });
  }
  // What was read before is looked at again, so that all of it is as of one position.
  if (earlier !== undefined) reads.push({ query: earlier, after: boundary.position ?? 0 });
  const fold = (loaded: Loaded) => {
    const [changed] = earlier === undefined ? [] : loaded.events[reads.length - 1]!;
    if (changed !== undefined) throw new AppendConditionError(changed.position);
    for (const [index, name] of names.entries()) {
      const reference = references[name]!;
      boundary.states[name] = bringUpToDate(reference, cached[index], loaded.events[index]!, loaded, sources);
    }
    boundary.position = loaded.position;
    boundary.durable = loaded.durable ?? boundary.durable;
    return extra === undefined ? [] : loaded.events[names.length]!;
  };
  const loaded = sources.log.load(reads);
  if (loaded instanceof Promise) return loaded.then((found) => durably(found, boundary.durable)).then(fold);
  if (loaded.durable !== undefined && loaded.isProvisional !== true) sources.cache.rests(loaded.durable);
  return fold(loaded);
}

/**
 * A decision follows a synchronous load at once, before anything else can happen to the log. After an asynchronous one,
 * events that were not durable then may be gone by now, and those of an earlier load with them: wait until they are durable or
 * fail with them.
 */
async function durably(loaded: Loaded, earlier: Promise<void> | undefined): Promise<Loaded> {
  await earlier;
  await loaded.durable;
  return { events: loaded.events, position: loaded.position, durable: undefined };
}

function bringUpToDate(
  reference: StateReference,
  cached: CachedState | undefined,
  events: readonly RecordedEvent[],
  { position, isProvisional }: Loaded,
  sources: Sources,
): unknown {
  const { folds, initial } = reference.definition;
  let state = cached === undefined ? initial : cached.state;
  for (const event of events) {
    state = folds.get(event.type)!(state, event.data, event);
    if (sources.freezeStates) deepFreeze(state);
  }
  if (isProvisional !== true) sources.cache.set(reference, { state, position });
  return state;
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}
