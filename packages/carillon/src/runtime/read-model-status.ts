import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { Log } from '../log/log.js';
import { allEvents, type LogQuery } from '../log/log-query.js';
import { ReadModelFailedError } from '../querying/querying-errors.js';
import type { BuildState, ReadModelState } from '../read-database/read-database.js';
import type { BuildProgress, ReadModelStatus } from './running-application.js';

/** How far a read model may be behind and still count as current: so many events, and so many milliseconds. */
const currentLagEvents = 1_000;
const currentLagMs = 10_000;

/** Where a read model stands, next to a log whose head was `head`. */
export async function readModelStatus(
  readModel: Pick<ReadModelDefinition<string, any>, 'name' | 'version' | 'handlers'>,
  state: ReadModelState,
  log: Pick<Log, 'read'>,
  head: number,
  nowMs: number,
): Promise<ReadModelStatus> {
  const { name, version } = readModel;
  const { position, failure, isServing, next } = state;
  const types = [...readModel.handlers.keys()];
  const { lagEvents, lagMs } = await lag(log, position, head, nowMs, { items: types.length === 0 ? [] : [{ types }] });
  const isBehind = lagEvents > currentLagEvents || lagMs > currentLagMs;
  const running = isServing ? (isBehind ? 'behind' : 'current') : 'building';
  const status = failure === undefined ? running : 'failed';
  const build = isServing ? next : state;
  const building = build && buildProgress(build, head, nowMs);
  return { name, version, status, isServing, position, head, lagEvents, lagMs, failure, building };
}

/** What an operator should know of a read model, in words. */
export function problemsOf({ name, version, isServing, head, failure, building }: ReadModelStatus): string[] {
  const problems: string[] = [];
  if (failure !== undefined) problems.push(new ReadModelFailedError(name, failure, isServing).message);
  else if (!isServing && building !== undefined) {
    const percent = Math.floor(building.share * 100);
    problems.push(
      `Read model ${name} version ${version} is being built: ${percent} % done, at position ${building.position} of ${head}.`,
    );
  }
  if (isServing && building?.failure !== undefined) {
    problems.push(
      `The rebuild of read model ${name} stopped at position ${building.failure.position} (${building.failure.eventType}): ` +
        `${building.failure.message}\nThe tables from before go on answering. Mend the handler, and rebuild it again.`,
    );
  }
  return problems;
}

/** How far a build has got, and when it will be done if it goes on as it went so far. */
function buildProgress({ position, failure, begunAt }: BuildState, head: number, nowMs: number): BuildProgress {
  const share = head === 0 ? 1 : Math.min(1, position / head);
  const beganMs = Date.parse(begunAt);
  const isKnown = position > 0 && beganMs > 0 && nowMs > beganMs;
  const remainingMs = isKnown ? Math.round(((nowMs - beganMs) / position) * Math.max(0, head - position)) : undefined;
  return { position, share, remainingMs, failure };
}

/**
 * The events between a position and the head, and the age of the oldest of them in milliseconds: of the oldest that is looked for, where it
 * is said what that is. None when there is none of those.
 */
export async function lag(
  log: Pick<Log, 'read'>,
  position: number,
  head: number,
  nowMs: number,
  lookedFor: LogQuery = allEvents,
): Promise<{ readonly lagEvents: number; readonly lagMs: number }> {
  const [next] = head <= position ? [] : await log.read(lookedFor, { after: position, limit: 1 });
  if (next === undefined) return { lagEvents: 0, lagMs: 0 };
  return { lagEvents: Math.max(0, head - position), lagMs: Math.max(0, nowMs - next.recordedAt.getTime()) };
}
