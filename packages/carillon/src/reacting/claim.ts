import type { AppendCondition, Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import type { LogQuery } from '../log/log-query.js';
import { LeaseLostError } from './reacting-errors.js';
import { unitTag, workEvent } from './work-events.js';

/** What shows that a process may do a piece of work. */
export interface Claim {
  /** What a process records about the work is appended on this condition: that nobody has claimed the work since. */
  readonly condition: AppendCondition;
  /** Whether it is certain that nobody else does the work now. */
  isHeld(): boolean;
  /** For who can record nothing about the work any more: gives its lease back, so that somebody begins anew. */
  giveBack(): void;
}

/** Who claims: the process, and its lease. */
export interface Claimant {
  readonly member: string;
  readonly lease: {
    readonly token: number;
    /** Whether it is certain that nobody else holds it now. */
    isHeld(): boolean;
    /** Gives it back: the work is ended here, and whoever gets it next begins anew. Twice does no harm. */
    giveBack(): void;
  };
}

/**
 * Records that a process does a piece of work from now on. Whoever did it before, and does not know yet that he no longer
 * does, can record nothing about it any more: the log refuses it, however late it comes. A claim that comes late itself, when
 * somebody else has got the lease and claimed, is refused, too.
 *
 * @throws LeaseLostError when the lease ran out before
 */
export async function claimWork(log: Log, unit: string, { member, lease }: Claimant): Promise<Claim> {
  const tag = unitTag(unit);
  const claims: LogQuery = { items: [{ types: ['carillon:work-claimed'], tags: [tag] }] };
  const claim = workEvent('carillon:work-claimed', { unit, member, token: lease.token }, [tag]);
  for (;;) {
    const [before] = await log.read(claims, { backwards: true, limit: 1 });
    // In this order: while it is held, whoever gets it next has not claimed yet, and what is appended now fails once he has.
    if (!lease.isHeld()) throw new LeaseLostError(unit);
    try {
      const { last } = await log.append([claim], { failIfEventsMatch: claims, after: before?.position ?? 0 });
      return {
        condition: { failIfEventsMatch: claims, after: last },
        isHeld: () => lease.isHeld(),
        giveBack: () => lease.giveBack(),
      };
    } catch (error) {
      // A late claim of somebody who held it before: this one comes after it.
      if (!(error instanceof AppendConditionError)) throw error;
    }
  }
}
