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
  const lagEvents = Math.max(0, head - position);
  const status = failure !== undefined ? 'failed' : lagEvents > currentLagEvents ? 'behind' : 'current';
  const [next] = lagEvents === 0 ? [] : await log.read(allEvents, { after: position, limit: 1 });
  const lagMs = next === undefined ? 0 : Math.max(0, nowMs - next.recordedAt.getTime());
  return { name, version, status, position, head, lagEvents, lagMs, failure };
}
