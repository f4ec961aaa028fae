/** What a member of a group may do, and nobody else meanwhile: until it is not renewed in time. */
export interface Lease {
  readonly name: string;
  /**
   * The fencing token: greater than that of everyone who held this lease before. Who guards what the lease is about
   * refuses those who come with a smaller one.
   */
  readonly token: number;
}

/** Who lives, and what is done. */
export interface Roster {
  /** The members that live. */
  readonly members: readonly string[];
  /** The leases that somebody holds, by name. */
  readonly taken: readonly string[];
}

/** What a member learns when it says that it lives: it is among the members. */
export interface Beat extends Roster {
  /** The names of its leases that are renewed. Those that it held and that are not among them are lost. */
  readonly renewed: readonly string[];
}

/**
 * Where members note down who does what. Time is the store's: clocks of members do not matter.
 *
 * Guarantees: a lease has one holder at most; it is free when it was released or not renewed for its time to live; each time
 * that it changes hands its token grows.
 */
export interface LeaseStore {
  /** Says that a member lives, and renews the leases that it holds, for so many milliseconds. */
  beat(member: string, held: readonly string[], ttlMs: number): Promise<Beat>;
  /** Takes those of these leases that are free. */
  acquire(member: string, names: readonly string[], ttlMs: number): Promise<readonly Lease[]>;
  /** Gives leases back, so that others need not wait until they run out. */
  release(member: string, names: readonly string[]): Promise<void>;
  /** Who lives and what is taken, for somebody who is no member. */
  look(): Promise<Roster>;
  /** Gives everything back: the member is gone. */
  leave(member: string): Promise<void>;
  close(): Promise<void>;
}
