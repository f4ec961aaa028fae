import type { Log } from '../log/log.js';
import { allEvents } from '../log/log-query.js';
import type { ReadModelState } from '../read-database/read-database.js';
import type { ReadModelStatus } from './running-application.js';

/** How far a read model may be behind and still count as current, in events. */
const currentLagEvents = 1_000;

/** Where a read model stands, next to a log whose head was `head`. */
export async function readModelStatus(
  readModel: { readonly name: string; readonly version: number },
  { position, failure }: ReadModelState,
  log: Pick<Log, 'read'>,
  head: number,
  nowMs: number,
): Promise<ReadModelStatus> {
  const { name, version } = readModel;
  const { lagEvents, lagMs } = await lag(log, position, head, nowMs);
  const status = failure !== undefined ? 'failed' : lagEvents > currentLagEvents ? 'behind' : 'current';
  return { name, version, status, position, head, lagEvents, lagMs, failure };
}

/** The events between a position and the head, and the age of the oldest of them in milliseconds. */
export async function lag(
  log: Pick<Log, 'read'>,
  position: number,
  head: number,
  nowMs: number,
): Promise<{ readonly lagEvents: number; readonly lagMs: number }> {
  const lagEvents = Math.max(0, head - position);
  const [next] = lagEvents === 0 ? [] : await log.read(allEvents, { after: position, limit: 1 });
  return { lagEvents, lagMs: next === undefined ? 0 : Math.max(0, nowMs - next.recordedAt.getTime()) };
}
