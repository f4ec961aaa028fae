import type { StateDefinition, StateReference } from '../definitions/state.js';

/** A decision state as of a position of the log. */
export interface CachedState {
  readonly state: unknown;
  /** Every event up to here that the state is about is folded in. */
  readonly position: number;
}

type Generation = Map<StateDefinition<unknown, any>, Map<string, CachedState>>;

/**
 * Decision states kept between commands, so that a command folds only the events since the last one.
 *
 * Memory is bounded by a number of states: there are two generations of half that size; a state that is used moves to
 * the young one, and when that is full the old one is forgotten. Forgetting costs time later and nothing else.
 */
export class StateCache {
  readonly #maxPerGeneration: number;
  #young: Generation = new Map();
  #old: Generation = new Map();
  #youngSize = 0;
  #restsOn: Promise<void> | undefined;

  /** @param maxStates the most states to keep, from 2 */
  constructor(maxStates: number) {
    this.#maxPerGeneration = Math.max(1, Math.floor(maxStates / 2));
  }

  get(reference: StateReference): CachedState | undefined {
    const key = cacheKey(reference);
    const young = this.#young.get(reference.definition)?.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(reference.definition)?.get(key);
    if (old !== undefined) this.#put(reference.definition, key, old);
    return old;
  }

  /** Keeps a state, unless a later one of the same is kept already. */
  set(reference: StateReference, cached: CachedState): void {
    const key = cacheKey(reference);
    const known = this.#young.get(reference.definition)?.get(key);
    if (known === undefined || known.position <= cached.position) this.#put(reference.definition, key, cached);
  }

  /** Says that states rest on events that are not durable yet: should those fail, everything is forgotten. */
  rests(on: Promise<void>): void {
    if (on === this.#restsOn) return;
    this.#restsOn = on;
    on.catch(() => this.clear());
  }

  /** Forgets everything. */
  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#youngSize = 0;
  }

  #put(definition: StateDefinition<unknown, any>, key: string, cached: CachedState): void {
    let states = this.#young.get(definition);
    if (states === undefined) {
      states = new Map();
      this.#young.set(definition, states);
    }
    const sizeBefore = states.size;
    states.set(key, cached);
    this.#youngSize += states.size - sizeBefore;
    if (this.#youngSize >= this.#maxPerGeneration) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngSize = 0;
    }
  }
}

function cacheKey(reference: StateReference): string {
  return reference.tags.length === 1 ? reference.tags[0]! : reference.tags.join('\n');
}
