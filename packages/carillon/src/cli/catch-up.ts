import { setTimeout as pause } from 'node:timers/promises';
import { CarillonError } from '../definitions/errors.js';
import type { IdleReason } from '../runtime/idle.js';
import type { ReadModelAdmin } from '../runtime/read-model-admin.js';
import type { ReadModelStatus } from '../runtime/running-application.js';
import { idleText } from './idle-text.js';
import { type ProgressOutput, progressOn } from './progress.js';

/** How often progress is looked at, in milliseconds. */
const lookIntervalMs = 200;

/** After how long without any progress nobody is at work, in milliseconds. */
const stallMs = 20_000;

/**
 * Shows progress until the read model has caught up with the log as it is now, and serves: as a bar on a terminal, otherwise in lines.
 *
 * @throws CarillonError `read-model-failed` when a handler fails, `read-model-stalled` when nothing moves, at once where no process runs
 */
export async function catchUp(
  admin: Pick<ReadModelAdmin, 'status' | 'idle'>,
  name: string,
  output: ProgressOutput = process.stderr,
  limits = { lookIntervalMs, stallMs },
): Promise<ReadModelStatus> {
  let status = await admin.status(name);
  const goal = status.head;
  let at = standing(status);
  if ((at.isBuilding || at.position < goal) && at.failure === undefined) {
    const reason = await admin.idle(name);
    // Others may be about to take it.
    if (reason !== undefined && reason !== 'not-taken') throw idle(status, reason);
  }
  const progress = progressOn(output, goal, at.position);
  let movedAt = performance.now();
  try {
    while (at.isBuilding || at.position < goal) {
      if (at.failure !== undefined) throw failed(status, at.failure);
      if (performance.now() - movedAt > limits.stallMs)
        throw stalled(status, at.position, limits.stallMs, await admin.idle(name));
      await pause(limits.lookIntervalMs);
      const before = at;
      status = await admin.status(name);
      at = standing(status);
      if (at.position !== before.position || at.isBuilding !== before.isBuilding) movedAt = performance.now();
      progress.show(Math.min(at.position, goal));
    }
  } finally {
    progress.end();
  }
  return status;
}

/** Where that stands which is waited for: tables that are being built, before those that serve. */
function standing({ position, failure, building }: ReadModelStatus) {
  const { position: at, failure: why } = building ?? { position, failure };
  return { position: at, failure: why, isBuilding: building !== undefined };
}

function failed({ name }: ReadModelStatus, failure: NonNullable<ReadModelStatus['failure']>): CarillonError {
  const { position, eventType, message } = failure;
  return new CarillonError('read-model-failed', `${name} stopped at position ${position} (${eventType}): ${message}`);
}

function idle(status: ReadModelStatus, reason: IdleReason): CarillonError {
  return new CarillonError('read-model-stalled', `${status.name} waits. ${idleText(status, reason)}`);
}

function stalled(status: ReadModelStatus, position: number, ms: number, reason: IdleReason | undefined): CarillonError {
  const { name, version, head } = status;
  const why =
    reason === undefined
      ? `The application that runs may be another than this module: see that it has version ${version} of ${name}, and start it again.`
      : idleText(status, reason);
  const stood = `${name} has stood at ${position} of ${head} for ${Math.round(ms / 1_000)} s.`;
  return new CarillonError('read-model-stalled', `${stood} ${why}`);
}
