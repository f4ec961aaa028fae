import type { Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import type { Activity } from './activity.js';
import type { Claim } from './claim.js';
import { type Reach, recordOf } from './reach.js';
import type { Slice } from './slice.js';
import { reactionTag, sliceTag, type WorkEvents, type WorkEventType, workEvent } from './work-events.js';

/** How often it is recorded how far a reaction has got, in milliseconds. What was done since is done again after a crash. */
const intervalMs = 1_000;

/** When nothing was to be done, it is recorded only after so many events that it has got farther. */
const passedEvents = 10_000;

/** How long to wait when the log could not be written, in milliseconds. */
const retryMs = 500;

/** What a record works with. */
export interface WorkRecordParts {
  readonly reaction: string;
  readonly slice: Slice | undefined;
  readonly log: Log;
  readonly claim: Claim | undefined;
  readonly activity: Activity;
  /** How far the work has got: everything up to there is done or parked. */
  readonly position: () => number;
  /** Hears of what could not be written: it is tried again. */
  readonly onError: (error: unknown) => void;
  /** Called when somebody else has claimed the work. */
  readonly onLost: () => void;
}

/** What the log has of the work of a reaction: how far it has got, and what is parked. */
export class WorkRecord {
  readonly #parts: WorkRecordParts;
  #reach: Reach = { types: [], position: 0, behind: new Map() };
  #recorded = 0;
  /** Something was done since it was last recorded how far it has got: what it is not about is not worth an event. */
  #hasDone = false;
  #isDue = false;

  constructor(parts: WorkRecordParts) {
    this.#parts = parts;
  }

  /** Takes note of what is recorded already. */
  goOnFrom(reach: Reach, position: number): void {
    this.#reach = reach;
    this.#recorded = position;
  }

  /** Something was done: how far that is is recorded soon. */
  noteDone(): void {
    this.#hasDone = true;
    this.#advanceSoon();
  }

  /** Nothing was to be done up to where the work has got now: that is recorded when it was much. */
  notePassed(): void {
    if (this.#parts.position() - this.#recorded >= passedEvents) this.#advanceSoon();
  }

  /**
   * Records how far the work has got, if that is worth it.
   *
   * @param worth how many events are worth it when none of them was to be done
   */
  async advance(worth = passedEvents): Promise<void> {
    const { reaction, slice } = this.#parts;
    const position = this.#parts.position();
    const passed = position - this.#recorded;
    if (passed === 0 || (!this.#hasDone && passed < worth)) return;
    this.#hasDone = false;
    this.#recorded = position;
    const recorded = { reaction, ...recordOf(this.#reach, position) };
    const [data, tag] =
      slice === undefined
        ? [recorded, reactionTag(reaction)]
        : [{ ...recorded, slice: slice.index }, sliceTag(reaction, slice.index)];
    await this.append('carillon:reaction-advanced', data, tag);
  }

  /** Tries until it is recorded, or the log is closed: an event whose parking is not recorded would be lost. */
  async append<Type extends WorkEventType>(
    type: Type,
    data: WorkEvents[Type],
    tag: string = reactionTag(this.#parts.reaction),
  ): Promise<void> {
    const { log, claim, activity, onError, onLost } = this.#parts;
    for (;;) {
      try {
        await log.append([workEvent(type, data, [tag])], claim?.condition);
        return;
      } catch (error) {
        if (error instanceof AppendConditionError) return onLost();
        onError(error);
        activity.signal.throwIfAborted();
        await activity.pause(retryMs);
        activity.signal.throwIfAborted();
      }
    }
  }

  #advanceSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const { activity } = this.#parts;
    activity.after(intervalMs, () => {
      this.#isDue = false;
      activity.run(this.advance());
    });
  }
}
