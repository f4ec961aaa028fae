import type { Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import { noteTimers, readNotedTimers } from './noted-timers.js';
import type { Cancel, Scheduler } from './scheduler.js';
import { type QueuedTimer, TimerQueue } from './timer-queue.js';
import { processesTag, processTag, timerTag, workData, workEvent } from './work-events.js';

const pageSize = 1_000;

/** So many timers are fired at a time. */
const maxFiring = 256;

/** How long to wait when the log could not be read or written, in milliseconds. */
const logRetryMs = 500;

/** After so many events it is noted which timers wait, so that the next start begins there. */
const noteEvery = 20_000;

/** What the timers work with. */
export interface ProcessTimersParts {
  readonly log: Log;
  readonly scheduler: Scheduler;
  readonly onError: (error: unknown) => void;
  /** Default 20,000. */
  readonly noteEvery?: number;
}

/**
 * Fires the timers of one process manager: follows what the log says of them, and records each that is due as fired, on
 * the condition that it has neither fired nor been taken back. However many do so, and however late, it fires once.
 */
export class ProcessTimers {
  readonly #process: string;
  readonly #parts: ProcessTimersParts;
  readonly #queue = new TimerQueue();
  /** Being recorded as fired. */
  readonly #firing = new Set<Promise<void>>();
  readonly #beingFired = new Map<string, QueuedTimer>();
  #position = 0;
  #sinceNoted = 0;
  #head = 0;
  #following: Promise<void> | undefined;
  #alarm: { readonly timerId: string; readonly cancel: Cancel } | undefined;
  #retry: Cancel | undefined;
  #isClosed = false;

  constructor(process: string, parts: ProcessTimersParts) {
    this.#process = process;
    this.#parts = parts;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Whether all that is due has been fired, as far as the log is known. */
  get isIdle(): boolean {
    return this.#following === undefined && this.#firing.size === 0 && this.#position >= this.#head;
  }

  async start(): Promise<void> {
    const { through, timers } = await readNotedTimers(this.#parts.log, this.#process);
    for (const timer of timers) this.#queue.add(timer);
    this.#position = through;
    this.wake(await this.#parts.log.head());
    await this.#following;
  }

  /** Says that the log has grown to `head`. */
  wake(head: number): void {
    if (head > this.#head) this.#head = head;
    if (this.#isClosed) return;
    this.#following ??= this.#follow()
      .catch((error: unknown) => this.#tryLater(error))
      .finally(() => {
        this.#following = undefined;
        if (this.#position < this.#head && this.#retry === undefined) this.wake(this.#head);
      });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#alarm?.cancel();
    this.#retry?.();
    await this.#following;
    await Promise.allSettled([...this.#firing]);
  }

  async #follow(): Promise<void> {
    const types = ['carillon:process-advanced', 'carillon:timer-fired'];
    const query = { items: [{ types, tags: [processesTag(this.#process)] }] };
    while (!this.#isClosed && this.#position < this.#head) {
      const head = this.#head;
      const events = await this.#parts.log.read(query, { after: this.#position, limit: pageSize });
      for (const event of events) {
        const decided = workData(event, 'carillon:process-advanced');
        for (const timerId of decided?.timersCancelled ?? []) this.#queue.remove(timerId);
        for (const { dueAt, ...timer } of decided?.timersSet ?? []) {
          this.#queue.add({ ...timer, key: decided!.key, dueAt: new Date(dueAt) });
        }
        const fired = workData(event, 'carillon:timer-fired');
        if (fired !== undefined) this.#queue.remove(fired.timerId);
        this.#position = event.position;
      }
      this.#sinceNoted += events.length;
      if (events.length < pageSize) this.#position = Math.max(this.#position, head);
    }
    this.#setAlarm();
    if (this.#sinceNoted < (this.#parts.noteEvery ?? noteEvery) || this.#isClosed) return;
    this.#sinceNoted = 0;
    const noted = { through: this.#position, timers: [...this.#queue.all(), ...this.#beingFired.values()] };
    await noteTimers(this.#parts.log, this.#process, noted);
  }

  /** For the timer that is due first; not while the log is to be left in peace. */
  #setAlarm(): void {
    if (this.#retry !== undefined) return;
    const first = this.#queue.first();
    if (first?.timerId === this.#alarm?.timerId || this.#isClosed) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    if (first === undefined) return;
    const cancel = this.#parts.scheduler.at(first.dueAt, () => this.#ring());
    this.#alarm = { timerId: first.timerId, cancel };
  }

  #ring(): void {
    this.#alarm = undefined;
    if (this.#isClosed) return;
    for (const timer of this.#queue.takeDue(this.#parts.scheduler.clock(), maxFiring - this.#firing.size)) {
      this.#beingFired.set(timer.timerId, timer);
      const firing = this.#fire(timer)
        .catch((error: unknown) => {
          this.#queue.add(timer);
          this.#tryLater(error);
        })
        .finally(() => {
          this.#firing.delete(firing);
          this.#beingFired.delete(timer.timerId);
          this.#setAlarm();
        });
      this.#firing.add(firing);
    }
    if (this.#firing.size < maxFiring) this.#setAlarm();
  }

  async #fire({ timerId, key, timer, dueAt }: QueuedTimer): Promise<void> {
    const process = this.#process;
    const data = { process, key, timer, timerId, dueAt: dueAt.toISOString() };
    const tags = [processesTag(process), processTag(process, key), timerTag(timerId)];
    try {
      await this.#parts.log.append([workEvent('carillon:timer-fired', data, tags)], {
        failIfEventsMatch: { items: [{ tags: [timerTag(timerId)] }] },
      });
    } catch (error) {
      // It has fired, or was taken back.
      if (!(error instanceof AppendConditionError)) throw error;
    }
  }

  #tryLater(error: unknown): void {
    if (this.#isClosed) return;
    this.#parts.onError(error);
    this.#retry ??= this.#parts.scheduler.after(logRetryMs, () => {
      this.#retry = undefined;
      this.#setAlarm();
      this.wake(this.#head);
    });
  }
}
