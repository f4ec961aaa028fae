import type { Log } from '../log/log.js';
import type { ReactionState } from '../reacting/reactions.js';
import { lag } from './read-model-status.js';
import type { ReactionStatus } from './running-application.js';

/** How far a reaction may be behind and still count as current, in events. */
const currentLagEvents = 1_000;

/** Where a reaction stands, next to a log whose head was `head`. */
export async function reactionStatus(
  state: ReactionState,
  log: Pick<Log, 'read'>,
  head: number,
  nowMs: number,
): Promise<ReactionStatus> {
  const { lagEvents, lagMs } = await lag(log, state.position, head, nowMs);
  const status = state.parked.length > 0 ? 'parked' : lagEvents > currentLagEvents ? 'behind' : 'current';
  return { ...state, status, head, lagEvents, lagMs };
}
