import { type EncodedEvent, EventCodec, type StoredEvent } from '../../log/event-codec.js';
import type { Log } from '../../log/log.js';
import { RecentEvents } from '../../log/recent-events.js';
import { Sequencer } from '../../log/sequencer.js';
import type { RandomSource } from '../../random/random-source.js';
import type { VirtualScheduler } from './virtual-scheduler.js';

interface PendingWrite {
  readonly events: readonly EncodedEvent[];
  readonly isWritten: () => void;
}

/** What survives a crash: the events that were written, and of those that were being written as many as chance has it. */
export class SimulatedDisk {
  readonly codec: EventCodec;
  readonly #scheduler: VirtualScheduler;
  readonly #random: RandomSource;
  readonly #stored: StoredEvent[] = [];
  #pending: PendingWrite[] = [];

  constructor(scheduler: VirtualScheduler, random: RandomSource, hashSeed: number) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.codec = new EventCodec({ idSeed: '51a0b0c0', hashSeed });
  }

  /** The written events. */
  get stored(): readonly StoredEvent[] {
    return this.#stored;
  }

  /** Opens a log on what is written. */
  openLog(isAlive: () => boolean): Log {
    const recent = new RecentEvents(1, this.codec, 65_536);
    for (const event of this.#stored) recent.add(this.codec.restore(event));
    return new Sequencer({
      storage: {
        write: (events) => this.#write(events, isAlive),
        find: () => [],
        archivedThrough: 0,
        close: async () => undefined,
      },
      recent,
      clock: this.#scheduler.clock,
      codec: this.codec,
    });
  }

  /** The process dies: what it was writing is there in part, and nobody was told. */
  crash(): void {
    const lost = this.#pending;
    this.#pending = [];
    const kept = lost.length === 0 ? 0 : this.#random.below(lost.length + 1);
    for (const { events } of lost.slice(0, kept)) this.#stored.push(...events);
  }

  #write(events: readonly EncodedEvent[], isAlive: () => boolean): Promise<void> {
    return new Promise((isWritten) => {
      if (!isAlive()) return;
      this.#pending.push({ events, isWritten });
      this.#scheduler.after(`commit of ${events.map(({ type }) => type).join(', ')}`, this.#random.below(3), () => {
        // In the order of the calls, whichever commit it is whose turn has come.
        const first = isAlive() ? this.#pending.shift() : undefined;
        if (first === undefined) return;
        this.#stored.push(...first.events);
        first.isWritten();
      });
    });
  }
}
