import type { LeaseStore } from '../leasing/lease-store.js';

/** Work that cannot be begun is warned of once in so long, in milliseconds. */
const quietMs = 60_000;

/** What of a storage may be away by itself. */
export type StoragePart = 'database' | 'read database';

/**
 * Tells whoever runs the process that what processes share cannot be asked: once for each part until it answers again, and once
 * when it does. Work that cannot be begun meanwhile cannot for that reason.
 */
export class StorageWarnings {
  readonly #away = new Set<StoragePart>();
  readonly #quietUntilMs = new Map<string, number>();

  isAway(part: StoragePart, error: unknown): void {
    if (this.#away.has(part)) return;
    this.#away.add(part);
    warn(`The ${part} could not be asked, and is asked again: ${messageOf(error)}`);
  }

  answers(part: StoragePart): void {
    if (!this.#away.delete(part)) return;
    this.#quietUntilMs.clear();
    warn(`The ${part} answers again.`);
  }

  /** Work could not be begun, or not be ended well. */
  failed(work: string, error: unknown): void {
    const nowMs = performance.now();
    if (this.#away.size > 0 || nowMs < (this.#quietUntilMs.get(work) ?? 0)) return;
    this.#quietUntilMs.set(work, nowMs + quietMs);
    warn(`The work ${work} could not be done, and is tried again: ${messageOf(error)}`);
  }
}

/** The same leases; `onBeat` hears each time that they could be renewed. */
export function heard(leases: LeaseStore, onBeat: () => void): LeaseStore {
  return {
    async beat(member, held, ttlMs) {
      const beat = await leases.beat(member, held, ttlMs);
      onBeat();
      return beat;
    },
    acquire: (member, names, ttlMs) => leases.acquire(member, names, ttlMs),
    release: (member, names) => leases.release(member, names),
    leave: (member) => leases.leave(member),
    look: () => leases.look(),
    close: () => leases.close(),
  };
}

function warn(text: string): void {
  process.emitWarning(text, { code: 'CARILLON_SHARED_WORK' });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
