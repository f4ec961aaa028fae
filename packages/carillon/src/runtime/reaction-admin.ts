import type { Application } from '../definitions/application.js';
import type { NewEvent } from '../definitions/event.js';
import type { AnyReaction } from '../definitions/module.js';
import type { Log } from '../log/log.js';
import { isFolderHeld } from '../log/sqlite/folder-lock.js';
import { openSqliteLog } from '../log/sqlite/sqlite-log.js';
import { ProcessLog, type ProcessView } from '../reacting/process-log.js';
import { type Parked, readProgress, startedReactions, waitingAt } from '../reacting/progress.js';
import { reached } from '../reacting/reached.js';
import { UnknownReactionError } from '../reacting/reacting-errors.js';
import { eventRetried, eventSkipped, type ParkedAt, processesTag } from '../reacting/work-events.js';
import { requestOf } from './operator-requests.js';
import { lag } from './read-model-status.js';

/** A reaction as it was last recorded. */
export interface RecordedReaction {
  readonly name: string;
  readonly kind: AnyReaction['kind'];
  /**
   * Whether the application has it. One that was added while it ran, or that it had before, is known from the log only: not what it is about,
   * so that its lag is the most that it can be.
   */
  readonly isDeclared: boolean;
  /** Everything up to here is done or parked; undefined when it was never started. A second old at most, while it works. */
  readonly position: number | undefined;
  readonly lagEvents: number;
  readonly lagMs: number;
  readonly parked: readonly Parked[];
}

/**
 * When an operator's decision takes effect. `now`: the application runs, and has heard of it. `soon`: it runs, and is to hear of it.
 * `at-start`: it does not run. `shared`: any process that does the work hears of it; whether one runs is not known here.
 */
export type TakenUp = 'now' | 'soon' | 'at-start' | 'shared';

/** Looks after the reactions of an application from outside, whether it runs or not. */
export interface ReactionAdmin {
  /** Every reaction and process manager: those that the application has, and then those that were ever started besides. */
  list(): Promise<readonly RecordedReaction[]>;
  /**
   * Lets a parked event be tried again.
   *
   * @throws UnknownReactionError, NotParkedError
   */
  retry(reaction: string, position: number, by: string | undefined): Promise<TakenUp>;
  /** Gives a parked event up. @throws UnknownReactionError, NotParkedError */
  skip(reaction: string, position: number, reason: string, by: string | undefined): Promise<TakenUp>;
  /** The keys of the processes that last decided something, the latest first. @throws UnknownReactionError */
  processes(processManager: string, limit: number): Promise<readonly string[]>;
  /** One process: its state, its timers and what led to it. @throws UnknownReactionError, UnknownProcessError */
  process(processManager: string, key: string): Promise<ProcessView>;
}

/**
 * Opens the reactions of an application for an operator.
 *
 * @param record appends to the log what the operator has decided: see `recordIn`, `recordInShared`
 */
export function openReactionAdmin(
  application: Application<any, any>,
  log: Pick<Log, 'read' | 'head'>,
  record: (event: NewEvent) => Promise<TakenUp>,
): ReactionAdmin {
  // A service that began with a copy of the whole log finds in it what other services do by now.
  const elsewhere = new Set(application.elsewhere.flatMap(({ reactions }) => reactions.map(({ name }) => name)));
  const allNames = async () => {
    const besides = (await startedReactions(log)).filter((name) => !elsewhere.has(name));
    return [...new Set([...application.reactions.keys(), ...besides])];
  };
  const parkedAt = async (reaction: string, position: number): Promise<readonly Parked[]> => {
    const known = await allNames();
    if (!known.includes(reaction)) throw new UnknownReactionError(reaction, known, 'on-record');
    return waitingAt(reaction, position, (await readProgress(log, reaction))?.parked.values() ?? []);
  };
  const decide = async (
    reaction: string,
    position: number,
    eventOf: (parked: ParkedAt) => NewEvent,
  ): Promise<TakenUp> => {
    let takenUp: TakenUp = 'at-start';
    for (const { key } of await parkedAt(reaction, position)) {
      takenUp = await record(eventOf({ reaction, key, position }));
    }
    return takenUp;
  };
  const processesOf = (name: string): ProcessLog => {
    const reaction = application.reactions.get(name);
    if (reaction?.kind === 'process-manager') return new ProcessLog(readingOnly(log), reaction);
    const all = [...application.reactions.values()];
    throw new UnknownReactionError(
      name,
      all.filter(({ kind }) => kind === 'process-manager').map((one) => one.name),
      'process-manager',
    );
  };
  return {
    processes: async (name, limit) => processesOf(name).keys(limit),
    process: async (name, key) => processesOf(name).view(key),
    async list() {
      const head = await log.head();
      const found: RecordedReaction[] = [];
      for (const name of await allNames()) {
        const reaction = application.reactions.get(name);
        const progress = await readProgress(log, name);
        const recorded = progress?.position;
        const position =
          recorded === undefined || reaction === undefined ? recorded : await reached(log, reaction, recorded);
        found.push({
          name,
          kind: reaction?.kind ?? (await recordedKind(log, name)),
          isDeclared: reaction !== undefined,
          position,
          ...(await lag(log, position ?? head, head, Date.now())),
          parked: [...(progress?.parked.values() ?? [])],
        });
      }
      return found;
    },
    retry: (reaction, position, by) => decide(reaction, position, (parked) => eventRetried(parked, by)),
    skip: (reaction, position, reason, by) => decide(reaction, position, (parked) => eventSkipped(parked, reason, by)),
  };
}

/** What one is of which only the name is known: process managers record what their processes decide. */
async function recordedKind(log: Pick<Log, 'read'>, name: string): Promise<AnyReaction['kind']> {
  const decisions = { items: [{ types: ['carillon:process-advanced'], tags: [processesTag(name)] }] };
  return (await log.read(decisions, { limit: 1 })).length > 0 ? 'process-manager' : 'reaction';
}

/** Only one process writes the log of a folder: the one that runs the application, or this one when none does. */
export function recordIn(folder: string): (event: NewEvent) => Promise<TakenUp> {
  return async (event) => {
    if (isFolderHeld(folder)) return (await requestOf(folder, event)) ? 'now' : 'soon';
    const log = await openSqliteLog({ folder });
    try {
      await log.append([event]);
    } finally {
      await log.close();
    }
    return 'at-start';
  };
}

/** Where several processes share a log, every one of them may write it: whoever does the work hears of it from the log. */
export function recordInShared(log: Pick<Log, 'append'>): (event: NewEvent) => Promise<TakenUp> {
  return async (event) => {
    await log.append([event]);
    return 'shared';
  };
}

function readingOnly(log: Pick<Log, 'read'>): Pick<Log, 'read' | 'append'> {
  return {
    read: (query, options) => log.read(query, options),
    append: () => Promise.reject(new Error('Nothing is written here.')),
  };
}
