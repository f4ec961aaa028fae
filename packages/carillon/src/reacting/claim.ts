import type { AppendCondition, Log } from '../log/log.js';
import { unitTag, workEvent } from './work-events.js';

/** What shows that a process may do a piece of work. */
export interface Claim {
  /** What a process records about the work is appended on this condition: that nobody has claimed the work since. */
  readonly condition: AppendCondition;
  /** Whether it is certain that nobody else does the work now. */
  isHeld(): boolean;
}

/** Who claims: the process, and its lease. */
export interface Claimant {
  readonly member: string;
  readonly lease: { readonly token: number; isHeld(): boolean };
}

/**
 * Records that a process does a piece of work from now on. Whoever did it before, and does not know yet that he no longer
 * does, can record nothing about it any more: the log refuses it, however late it comes.
 */
export async function claimWork(log: Log, unit: string, { member, lease }: Claimant): Promise<Claim> {
  const tag = unitTag(unit);
  const { last } = await log.append([workEvent('carillon:work-claimed', { unit, member, token: lease.token }, [tag])]);
  return {
    condition: { failIfEventsMatch: { items: [{ types: ['carillon:work-claimed'], tags: [tag] }] }, after: last },
    isHeld: () => lease.isHeld(),
  };
}
