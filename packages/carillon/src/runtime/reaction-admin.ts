import { join } from 'node:path';
import type { Application } from '../definitions/application.js';
import type { NewEvent } from '../definitions/event.js';
import type { AnyReaction } from '../definitions/module.js';
import type { Log } from '../log/log.js';
import { isFolderHeld } from '../log/sqlite/folder-lock.js';
import { openSqliteLog } from '../log/sqlite/sqlite-log.js';
import { ProcessLog, type ProcessView } from '../reacting/process-log.js';
import { type Parked, readProgress } from '../reacting/progress.js';
import { reached } from '../reacting/reached.js';
import { NotParkedError, UnknownReactionError } from '../reacting/reacting-errors.js';
import { eventRetried, eventSkipped } from '../reacting/work-events.js';
import { requestOf } from './operator-requests.js';
import { lag } from './read-model-status.js';

/** A reaction as it was last recorded. */
export interface RecordedReaction {
  readonly name: string;
  readonly kind: AnyReaction['kind'];
  /** Everything up to here is done or parked; undefined when it was never started. A second old at most, while it works. */
  readonly position: number | undefined;
  readonly lagEvents: number;
  readonly lagMs: number;
  readonly parked: readonly Parked[];
}

/** Looks after the reactions of an application from outside, whether it runs or not. */
export interface ReactionAdmin {
  /** Every reaction and process manager. */
  list(): Promise<readonly RecordedReaction[]>;
  /**
   * Lets a parked event be tried again: at once when the application runs, otherwise when it is started.
   *
   * @throws UnknownReactionError, NotParkedError
   */
  retry(reaction: string, position: number, by: string | undefined): Promise<void>;
  /** Gives a parked event up. @throws UnknownReactionError, NotParkedError */
  skip(reaction: string, position: number, reason: string, by: string | undefined): Promise<void>;
  /** The keys of the processes that last decided something, the latest first. @throws UnknownReactionError */
  processes(processManager: string, limit: number): Promise<readonly string[]>;
  /** One process: its state, its timers and what led to it. @throws UnknownReactionError */
  process(processManager: string, key: string): Promise<ProcessView>;
}

/**
 * Opens the reactions of an application for an operator.
 *
 * @param record appends to the log what the operator has decided: see `recordIn`
 */
export function openReactionAdmin(
  application: Application<any, any>,
  log: Pick<Log, 'read' | 'head'>,
  record: (event: NewEvent) => Promise<void>,
): ReactionAdmin {
  const parkedAt = async (reaction: string, position: number): Promise<readonly Parked[]> => {
    if (!application.reactions.has(reaction)) {
      throw new UnknownReactionError(reaction, [...application.reactions.keys()]);
    }
    const parked = [...((await readProgress(log, reaction))?.parked.values() ?? [])];
    const found = parked.filter((one) => one.position === position && one.resumeAfter === undefined);
    if (found.length === 0) throw new NotParkedError(reaction, position);
    return found;
  };
  const processesOf = (name: string): ProcessLog => {
    const reaction = application.reactions.get(name);
    if (reaction?.kind === 'process-manager') return new ProcessLog(readingOnly(log), reaction);
    const all = [...application.reactions.values()];
    throw new UnknownReactionError(
      name,
      all.filter(({ kind }) => kind === 'process-manager').map((one) => one.name),
    );
  };
  return {
    processes: async (name, limit) => processesOf(name).keys(limit),
    process: async (name, key) => processesOf(name).view(key),
    async list() {
      const head = await log.head();
      const found: RecordedReaction[] = [];
      for (const reaction of application.reactions.values()) {
        const { name, kind } = reaction;
        const progress = await readProgress(log, name);
        const position = progress && (await reached(log, reaction, progress.position));
        const behind = await lag(log, position ?? head, head, Date.now());
        found.push({
          name,
          kind,
          position,
          ...behind,
          parked: [...(progress?.parked.values() ?? [])],
        });
      }
      return found;
    },
    async retry(reaction, position, by) {
      for (const { key } of await parkedAt(reaction, position)) {
        await record(eventRetried({ reaction, key, position }, by));
      }
    },
    async skip(reaction, position, reason, by) {
      for (const { key } of await parkedAt(reaction, position)) {
        await record(eventSkipped({ reaction, key, position }, reason, by));
      }
    },
  };
}

/** Only one process writes the log of a folder: the one that runs the application, or this one when none does. */
export function recordIn(folder: string): (event: NewEvent) => Promise<void> {
  return async (event) => {
    if (isFolderHeld(folder, join(folder, 'log.lock'))) return requestOf(folder, event);
    const log = await openSqliteLog({ folder });
    try {
      await log.append([event]);
    } finally {
      await log.close();
    }
  };
}

function readingOnly(log: Pick<Log, 'read'>): Pick<Log, 'read' | 'append'> {
  return {
    read: (query, options) => log.read(query, options),
    append: () => Promise.reject(new Error('Nothing is written here.')),
  };
}
