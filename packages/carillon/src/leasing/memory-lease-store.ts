import type { Beat, Lease, LeaseStore, Roster } from './lease-store.js';

interface Held {
  holder: string | undefined;
  token: number;
  expiresAtMs: number;
}

/** Leases in memory, for members in one process: for tests, and what an adapter is compared with. */
export class MemoryLeaseStore implements LeaseStore {
  readonly #nowMs: () => number;
  readonly #leases = new Map<string, Held>();
  readonly #members = new Map<string, number>();

  /** @param nowMs says what time it is */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  async beat(member: string, held: readonly string[], ttlMs: number): Promise<Beat> {
    const nowMs = this.#nowMs();
    this.#members.set(member, nowMs + ttlMs);
    const renewed = held.filter((name) => this.#isHeldBy(member, name, nowMs));
    for (const name of renewed) this.#leases.get(name)!.expiresAtMs = nowMs + ttlMs;
    return { renewed, ...(await this.look()) };
  }

  async look(): Promise<Roster> {
    const nowMs = this.#nowMs();
    const members = [...this.#members].filter(([, expiresAtMs]) => expiresAtMs > nowMs).map(([name]) => name);
    const taken = [...this.#leases.keys()].filter((name) => !this.#isFree(name, nowMs));
    return { members, taken };
  }

  async acquire(member: string, names: readonly string[], ttlMs: number): Promise<readonly Lease[]> {
    const nowMs = this.#nowMs();
    return names
      .filter((name) => this.#isFree(name, nowMs))
      .map((name) => {
        const token = (this.#leases.get(name)?.token ?? 0) + 1;
        this.#leases.set(name, { holder: member, token, expiresAtMs: nowMs + ttlMs });
        return { name, token };
      });
  }

  async release(member: string, names: readonly string[]): Promise<void> {
    for (const name of names) {
      const lease = this.#leases.get(name);
      if (lease?.holder === member) lease.holder = undefined;
    }
  }

  async leave(member: string): Promise<void> {
    this.#members.delete(member);
    await this.release(member, [...this.#leases.keys()]);
  }

  async close(): Promise<void> {}

  #isFree(name: string, nowMs: number): boolean {
    const lease = this.#leases.get(name);
    return lease?.holder === undefined || lease.expiresAtMs <= nowMs;
  }

  #isHeldBy(member: string, name: string, nowMs: number): boolean {
    return !this.#isFree(name, nowMs) && this.#leases.get(name)?.holder === member;
  }
}
