import { afterEach, beforeEach } from 'vitest';
import { CommandExecutor } from '../deciding/command-executor.js';
import { systemClock } from '../definitions/clock.js';
import type { AnyReaction } from '../definitions/module.js';
import { reaction } from '../definitions/reaction.js';
import { LeaseKeeper } from '../leasing/lease-keeper.js';
import type { LeaseStore } from '../leasing/lease-store.js';
import { MemoryLeaseStore } from '../leasing/memory-lease-store.js';
import type { Log } from '../log/log.js';
import { memoryLog } from '../log/memory-log.js';
import { Place, Placed, shop } from './reacting.fixture.js';
import { Reactions } from './reactions.js';
import type { ReactionFailure } from './reactor.js';
import { systemScheduler } from './scheduler.js';

/** One process of several: its own keeper and reactions, on the log that all share. */
export interface Worker {
  readonly reactions: Reactions;
  readonly keeper: LeaseKeeper;
  /** Resolves when it has begun with what was free. */
  readonly started: Promise<void>;
  /** It hears of nothing and renews nothing any more, as if it were frozen. */
  freeze(): void;
  close(): Promise<void>;
}

/** Processes that share the work of reactions: one log and one store of leases, and what went wrong. */
export class Sharing {
  readonly log: Log = memoryLog();
  readonly store = new MemoryLeaseStore();
  readonly workers: Worker[] = [];
  readonly failures: ReactionFailure[] = [];
  /**
   * How long leases hold, in milliseconds: so long who is frozen, or gone, keeps the others waiting. Longer than a busy machine keeps a
   * process waiting: who loses a lease makes others do things once more.
   */
  readonly ttlMs = 2_000;

  async work(member: string, ...all: readonly AnyReaction[]): Promise<Worker> {
    const worker = await this.begin(member, this.log, ...all);
    await worker.started;
    return worker;
  }

  /** @param own the log as this process sees it */
  async begin(member: string, own: Log, ...all: readonly AnyReaction[]): Promise<Worker> {
    const { log, store, failures, ttlMs } = this;
    const application = shop(...all);
    const executor = new CommandExecutor({ application, log: own });
    let isFrozen = false;
    const leases: LeaseStore = {
      beat: (...args) => (isFrozen ? new Promise<never>(() => undefined) : store.beat(...args)),
      acquire: (...args) => store.acquire(...args),
      release: (...args) => store.release(...args),
      look: () => store.look(),
      leave: (...args) => store.leave(...args),
      close: async () => undefined,
    };
    const keeper = new LeaseKeeper({
      store: leases,
      member,
      ttlMs,
      onError: (error) => failures.push({ reaction: 'keeper', error, event: undefined, outcome: 'retried' }),
    });
    const reactions = new Reactions({
      application,
      log: own,
      issueCommand: (request, call) => executor.execute(request, { ...call, isInternal: true }),
      scheduler: systemScheduler(systemClock),
      onFailure: (failure) => failures.push(failure),
      sharing: { keeper, member },
    });
    await reactions.start();
    const stopWaking = log.onAppend((head) => {
      if (!isFrozen) reactions.wake(head);
    });
    const started = keeper.start().then(async () => reactions.wake(await log.head()));
    const worker = {
      reactions,
      keeper,
      started,
      freeze: () => {
        isFrozen = true;
      },
      close: async () => {
        stopWaking();
        if (!isFrozen) await keeper.close();
        await reactions.close();
      },
    };
    this.workers.push(worker);
    return worker;
  }

  async place(count: number, from = 0): Promise<void> {
    const executor = new CommandExecutor({ application: shop(), log: this.log });
    for (let n = from; n < from + count; n++) {
      await executor.execute(Place({ orderId: `o${n}`, customer: `c${n % 20}` }));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
    await this.log.close();
  }
}

/** The reaction `note`, which tells of each order that was placed, those of a customer in order. */
export function noteEach(tell: (orderId: string) => void): AnyReaction {
  return reaction('note', {
    on: Placed,
    startsAt: 'beginning',
    inOrderBy: (e) => e.customer,
    run: (e) => tell(e.orderId),
  });
}

/** Other processes for each test of a file. */
export function useSharing(): { readonly sharing: Sharing } {
  const used = { sharing: new Sharing() };
  beforeEach(() => {
    used.sharing = new Sharing();
  });
  afterEach(() => used.sharing.close());
  return used;
}
