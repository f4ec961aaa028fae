import type { StoredEvent } from '../stored-event.js';
import type { EventKind } from './event-rows.js';
import type { PostingHash } from './posting-hash.js';

/** A type and version with the number that stands for them in the table `events`. */
export interface NumberedKind extends EventKind {
  readonly id: number;
}

/** Events on their way to the writer thread, a list for each column: few objects, and most of them text. */
export interface WriteBatch {
  readonly first: number;
  /** Kinds that may not be in the file yet. */
  readonly newKinds: readonly NumberedKind[];
  readonly kinds: readonly number[];
  readonly recordedAtMs: readonly number[];
  readonly givenIds: readonly (string | null)[];
  readonly tags: readonly string[];
  readonly data: readonly string[];
  readonly metadata: readonly (string | null)[];
  /** For each event the number of its hashes, and the hashes of its type and tags. */
  readonly hashes: Uint32Array;
}

/** The numbers of types and versions. */
export class EventKinds {
  readonly #hash: PostingHash;
  readonly #byType = new Map<string, { readonly hash: number; readonly ids: Map<number, number> }>();
  #unsaved: NumberedKind[] = [];
  #nextId = 1;

  constructor(hash: PostingHash, saved: readonly NumberedKind[]) {
    this.#hash = hash;
    for (const kind of saved) {
      this.#type(kind.type).ids.set(kind.version, kind.id);
      this.#nextId = Math.max(this.#nextId, kind.id + 1);
    }
  }

  /** Kinds that were not in the file when they were last asked for; `saved` says that they are now. */
  get unsaved(): readonly NumberedKind[] {
    return this.#unsaved;
  }

  saved(kinds: readonly NumberedKind[]): void {
    if (kinds.length > 0) this.#unsaved = this.#unsaved.filter((kind) => !kinds.includes(kind));
  }

  /** The number of a kind, and the hash of its type. */
  of(type: string, version: number): { readonly id: number; readonly typeHash: number } {
    const { hash, ids } = this.#type(type);
    let id = ids.get(version);
    if (id === undefined) {
      id = this.#nextId++;
      ids.set(version, id);
      this.#unsaved = [...this.#unsaved, { id, type, version }];
    }
    return { id, typeHash: hash };
  }

  #type(type: string) {
    let entry = this.#byType.get(type);
    if (entry === undefined) {
      entry = { hash: this.#hash.ofType(type), ids: new Map() };
      this.#byType.set(type, entry);
    }
    return entry;
  }
}

/** Puts events into the form in which they are handed to the writer thread. */
export function writeBatch(events: readonly StoredEvent[], eventKinds: EventKinds, hash: PostingHash): WriteBatch {
  let hashCount = 0;
  for (const event of events) hashCount += event.tags.length + 2;
  const hashes = new Uint32Array(hashCount);
  let at = 0;
  const kinds: number[] = [];
  const tags: string[] = [];
  for (const event of events) {
    const { id, typeHash } = eventKinds.of(event.type, event.version);
    kinds.push(id);
    tags.push(JSON.stringify(event.tags));
    hashes[at++] = event.tags.length + 1;
    hashes[at++] = typeHash;
    for (const tag of event.tags) hashes[at++] = hash.ofTag(tag);
  }
  return {
    first: (events[0] as StoredEvent).position,
    newKinds: eventKinds.unsaved,
    kinds,
    recordedAtMs: events.map((event) => event.recordedAtMs),
    givenIds: events.map((event) => event.givenId),
    tags,
    data: events.map((event) => event.data),
    metadata: events.map((event) => event.metadata),
    hashes,
  };
}
