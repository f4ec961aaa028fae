import type { EventKind } from './event-rows.js';

/** A type and version with the number that stands for them in the table `events`. */
export interface NumberedKind extends EventKind {
  readonly id: number;
}

/** The numbers that stand for types and versions, for the one who gives them out. */
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
