import type { EncodedEvent } from '../event-codec.js';
import type { EventKind } from './event-rows.js';

/** A type and version with the number that stands for them in the table `events`. */
export interface NumberedKind extends EventKind {
  readonly id: number;
}

/** Events on their way to the writer thread, a list for each column: few objects, and most of them text. */
export interface WriteBatch {
  readonly first: number;
  /** Kinds that may not be in the file yet. */
  readonly newKinds: readonly NumberedKind[];
  readonly kinds: Int32Array;
  readonly recordedAtMs: Float64Array;
  readonly tags: readonly string[];
  readonly data: readonly string[];
  /** Null where there is none; undefined when there is none at all, as mostly. */
  readonly metadata: readonly (string | null)[] | undefined;
  readonly givenIds: readonly (string | null)[] | undefined;
  /** For each event the number of its hashes, and the hashes of its type and tags. */
  readonly hashes: Uint32Array;
}

/** The numbers of types and versions. */
export class EventKinds {
  readonly #byType = new Map<string, Map<number, number>>();
  #unsaved: NumberedKind[] = [];
  #nextId = 1;

  constructor(saved: readonly NumberedKind[]) {
    for (const kind of saved) {
      this.#versions(kind.type).set(kind.version, kind.id);
      this.#nextId = Math.max(this.#nextId, kind.id + 1);
    }
  }

  /** Kinds that may not be in the file yet. */
  get unsaved(): readonly NumberedKind[] {
    return this.#unsaved;
  }

  /** Takes note that kinds are in the file now. */
  saved(kinds: readonly NumberedKind[]): void {
    if (kinds.length > 0) this.#unsaved = this.#unsaved.filter((kind) => !kinds.includes(kind));
  }

  /** The number of a kind; a new one when it has none. */
  idOf(type: string, version: number): number {
    const versions = this.#versions(type);
    let id = versions.get(version);
    if (id === undefined) {
      id = this.#nextId++;
      versions.set(version, id);
      this.#unsaved = [...this.#unsaved, { id, type, version }];
    }
    return id;
  }

  #versions(type: string): Map<number, number> {
    let versions = this.#byType.get(type);
    if (versions === undefined) {
      versions = new Map();
      this.#byType.set(type, versions);
    }
    return versions;
  }
}

/** Puts events into the form in which they are handed to the writer thread. */
export function writeBatch(events: readonly EncodedEvent[], eventKinds: EventKinds): WriteBatch {
  const kinds = Int32Array.from(events, ({ type, version }) => eventKinds.idOf(type, version));
  return {
    first: (events[0] as EncodedEvent).position,
    newKinds: eventKinds.unsaved,
    kinds,
    recordedAtMs: Float64Array.from(events, (event) => event.recordedAtMs),
    tags: events.map((event) => event.tags),
    data: events.map((event) => event.data),
    metadata: unlessAllNull(events.map((event) => event.metadata)),
    givenIds: unlessAllNull(events.map((event) => event.givenId)),
    hashes: hashList(events),
  };
}

function hashList(events: readonly EncodedEvent[]): Uint32Array {
  let length = 0;
  for (const { hashes } of events) length += 1 + hashes.length;
  const list = new Uint32Array(length);
  let at = 0;
  for (const { hashes } of events) {
    list[at++] = hashes.length;
    for (const hash of hashes) list[at++] = hash;
  }
  return list;
}

function unlessAllNull(values: (string | null)[]): (string | null)[] | undefined {
  return values.every((value) => value === null) ? undefined : values;
}
