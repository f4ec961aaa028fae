import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease, LeaseStore } from './lease-store.js';
import { plan, type Unit } from './shares.js';

/** A lease that this member holds. */
export interface HeldLease extends Lease {
  /**
   * Whether it is certain that nobody else holds it now: it was renewed, and its time has not run out since, by this
   * process's own clock. A process that was frozen sees it when it wakes up, before it has asked anybody.
   */
  isHeld(): boolean;
  /** Aborted when it is lost or given back. */
  readonly signal: AbortSignal;
  /** Gives it back: the work is ended here, and whoever gets it next, be it this member, begins anew. Twice does no harm. */
  giveBack(): void;
}

/** Work that is done while its lease is held. */
export interface LeasedWork extends Unit {
  /** Begins. It may take its time: the lease is renewed meanwhile. Resolves to what ends it, which resolves when nothing of it is done any more. */
  start(lease: HeldLease): Promise<() => Promise<void>>;
}

/** What a keeper works with. */
export interface LeaseKeeperOptions {
  readonly store: LeaseStore;
  /** A name of its own for this process. */
  readonly member: string;
  /** How long a lease holds without being renewed, in milliseconds: so long after a crash others take over. Default 10,000. */
  readonly ttlMs?: number;
  /** Hears of what could not be done: it is tried again. */
  readonly onError: (error: unknown, work: string | undefined) => void;
  /** Called when this member began or ended a piece of work. */
  readonly onChange?: () => void;
}

/** A piece of work that this member does. */
interface AtWork {
  readonly name: string;
  validUntilMs: number;
  readonly stop: AbortController;
  /** Nobody else took it for long: it does not count when work is shared out. */
  readonly isOvertime: boolean;
  readonly begun: Promise<() => Promise<void>>;
  hasBegun: boolean;
  /** Set once it is being ended: from then on its lease is not renewed. */
  ended: Promise<void> | undefined;
}

/** How often leases are renewed while they hold: a beat that is lost or late does no harm. */
const beatsPerTtl = 4;

/**
 * Does a fair share of some work: says regularly that this process lives, takes leases that are free, gives back what is more than its
 * share, and stops what it has lost.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #ttlMs: number;
  readonly #work = new Map<string, LeasedWork>();
  readonly #atWork = new Map<string, AtWork>();
  /** Since when a unit is free, as far as this member saw. */
  readonly #freeSinceMs = new Map<string, number>();
  readonly #closing = new AbortController();
  #loop: Promise<void> | undefined;
  #watch: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();
  #members = 1;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#ttlMs = options.ttlMs ?? 10_000;
  }

  /** The names of the work that this member does. */
  get held(): readonly string[] {
    return [...this.#atWork.keys()];
  }

  /** How many members share the work. */
  get members(): number {
    return this.#members;
  }

  /** Whether this member does all there is to do: it holds every lease, and has begun with what it is for. */
  get hasAll(): boolean {
    const isDoing = (one: AtWork | undefined) => one?.hasBegun === true && one.ended === undefined;
    return [...this.#work.keys()].every((name) => isDoing(this.#atWork.get(name)));
  }

  /** Shares out one more piece of work; it is taken at the next beat. */
  add(work: LeasedWork): void {
    this.#work.set(work.name, work);
  }

  /** Takes part in this work no more. Resolves when nothing of it is done here. */
  async remove(name: string): Promise<void> {
    this.#work.delete(name);
    const one = this.#atWork.get(name);
    if (one !== undefined) await this.#giveBack(one);
  }

  /** Begins: resolves after the first beat, when what was free has been begun. */
  async start(): Promise<void> {
    await this.beat();
    this.#loop = this.#run();
    // Not with the beats: the store may keep one waiting.
    this.#watch = setInterval(() => this.#endExpired(), this.#ttlMs / beatsPerTtl);
    this.#watch.unref();
    await Promise.all([...this.#atWork.values()].map(({ begun }) => begun.catch(() => undefined)));
  }

  /** Renews, takes and gives back now, instead of when it is time. Does not wait for what that begins and ends. */
  beat(): Promise<void> {
    this.#beating = this.#beating.then(() => this.#beat()).catch((error: unknown) => this.#failed(error));
    return this.#beating;
  }

  /** Ends all work, and lets the others have it at once. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#watch);
    await this.#loop;
    await this.#beating;
    await Promise.all([...this.#atWork.values()].map((one) => this.#end(one)));
    await this.#options.store
      .leave(this.#options.member)
      .catch((error: unknown) => this.#options.onError(error, undefined));
    await this.#options.store.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await sleep(this.#ttlMs / beatsPerTtl, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.beat();
    }
  }

  async #beat(): Promise<void> {
    const { store, member } = this.#options;
    // Before the request: the store counts from later on.
    const askedAtMs = performance.now();
    const { renewed, members, taken } = await store.beat(member, this.#kept, this.#ttlMs);
    this.#members = members.length;
    const isRenewed = new Set(renewed);
    for (const one of [...this.#atWork.values()]) {
      if (isRenewed.has(one.name)) one.validUntilMs = askedAtMs + this.#ttlMs;
      else void this.#end(one);
    }
    await this.#share(new Set(taken));
  }

  /** The names of the work that is not being ended. */
  get #kept(): readonly string[] {
    return [...this.#atWork.values()].filter(({ ended }) => ended === undefined).map(({ name }) => name);
  }

  async #share(taken: ReadonlySet<string>): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const overtime = new Set([...this.#atWork.values()].filter((one) => one.isOvertime).map((one) => one.name));
    const units = [...this.#work.values()].filter(({ name }) => !overtime.has(name));
    const free = new Set(units.map(({ name }) => name).filter((name) => !taken.has(name) && !this.#atWork.has(name)));
    const abandoned = this.#abandoned(free);
    const { release, acquire } = plan({
      units,
      held: new Set(this.#kept),
      free,
      abandoned,
      members: this.#members,
    });
    for (const name of release) void this.#giveBack(this.#atWork.get(name)!);
    if (acquire.length === 0) return;
    const askedAtMs = performance.now();
    const { store, member } = this.#options;
    const leases = await store.acquire(member, acquire, this.#ttlMs);
    for (const lease of leases) this.#begin(lease, askedAtMs, abandoned.has(lease.name));
    // Removed meanwhile: nobody would renew them, and nobody else could have them until they run out.
    const unwanted = leases.map(({ name }) => name).filter((name) => !this.#atWork.has(name));
    if (unwanted.length > 0) await store.release(member, unwanted);
  }

  #begin(lease: Lease, askedAtMs: number, isOvertime: boolean): void {
    const work = this.#work.get(lease.name);
    if (work === undefined) return;
    const stop = new AbortController();
    const one: AtWork = {
      name: lease.name,
      validUntilMs: askedAtMs + this.#ttlMs,
      stop,
      isOvertime,
      hasBegun: false,
      ended: undefined,
      begun: Promise.resolve().then(() =>
        work.start({
          ...lease,
          signal: stop.signal,
          isHeld: () => !stop.signal.aborted && performance.now() < one.validUntilMs,
          giveBack: () => void this.#giveBack(one),
        }),
      ),
    };
    this.#atWork.set(lease.name, one);
    this.#freeSinceMs.delete(lease.name);
    one.begun.then(
      () => {
        one.hasBegun = true;
        this.#options.onChange?.();
      },
      (error: unknown) => {
        this.#options.onError(error, lease.name);
        // Whoever takes it next may be luckier: this one gives the others the time to.
        void this.#giveBack(one);
      },
    );
  }

  /** Ends what this member holds, and lets the others have it. Until then it is not taken anew: it would be given back, too. */
  #giveBack(one: AtWork): Promise<void> {
    one.ended ??= this.#stop(one)
      .then(() => this.#options.store.release(this.#options.member, [one.name]))
      .catch((error: unknown) => this.#failed(error))
      .then(() => this.#forget(one));
    return one.ended;
  }

  /** Ends what this member has lost. */
  #end(one: AtWork): Promise<void> {
    one.ended ??= this.#stop(one).then(() => this.#forget(one));
    return one.ended;
  }

  async #stop(one: AtWork): Promise<void> {
    one.stop.abort();
    const end = await one.begun.catch(() => undefined);
    try {
      await end?.();
    } catch (error) {
      this.#options.onError(error, one.name);
    }
  }

  #forget(one: AtWork): void {
    this.#atWork.delete(one.name);
    this.#options.onChange?.();
  }

  #abandoned(free: ReadonlySet<string>): ReadonlySet<string> {
    const nowMs = performance.now();
    for (const name of [...this.#freeSinceMs.keys()]) if (!free.has(name)) this.#freeSinceMs.delete(name);
    for (const name of free) if (!this.#freeSinceMs.has(name)) this.#freeSinceMs.set(name, nowMs);
    const longFree = [...this.#freeSinceMs].filter(([, sinceMs]) => nowMs - sinceMs > 2 * this.#ttlMs);
    return new Set(longFree.map(([name]) => name));
  }

  #failed(error: unknown): void {
    this.#options.onError(error, undefined);
  }

  /** What has run out somebody else may do by now. */
  #endExpired(): void {
    const nowMs = performance.now();
    for (const one of this.#atWork.values()) if (nowMs >= one.validUntilMs) void this.#end(one);
  }
}
