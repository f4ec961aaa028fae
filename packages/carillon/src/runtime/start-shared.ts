import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandExecutor } from '../deciding/command-executor.js';
import type { Application } from '../definitions/application.js';
import { type Clock, systemClock } from '../definitions/clock.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import { LeaseKeeper } from '../leasing/lease-keeper.js';
import { ReadModelPositions } from '../querying/read-model-positions.js';
import { Reactions } from '../reacting/reactions.js';
import { systemScheduler } from '../reacting/scheduler.js';
import { ReadModelChangedError } from '../read-database/read-database-errors.js';
import { localQueries } from './local-hosts.js';
import { reactionWarnings } from './reaction-warning.js';
import { allRoles, type Role } from './roles.js';
import { Running } from './running.js';
import type { RunningApplication } from './running-application.js';
import { SharedProjections } from './shared-projections.js';
import type { Storage } from './storage.js';
import { heard, StorageWarnings } from './storage-warning.js';

/** The longest wait before a command is decided again, in milliseconds. */
const maxBackOffMs = 500;

/** How long closing waits for what was begun, in milliseconds: the database may be away. */
const closeLimitMs = 2_500;

/** What `start` takes when processes share a database. */
export interface StartSharedOptions {
  /** Where the application keeps its log and its read models: `postgresStorage` of `@carillon/postgres`. */
  readonly storage: Storage;
  /** What this process does. Default: everything. */
  readonly roles?: readonly Role[];
  /** How long after a process has died others take over its work, in milliseconds. Default 10,000. */
  readonly leaseTtlMs?: number;
  /** Says what time it is. Default: the machine's clock. */
  readonly clock?: Clock;
  /** The most decision states to keep in memory. Default 50,000. */
  readonly maxCachedStates?: number;
  /** How often a command is decided before a conflict is reported. Default 10. */
  readonly maxAttempts?: number;
  /**
   * Whether `health` calls this process ready though a read model is built for the first time, so that some queries have to wait. Default:
   * false where the role is `read`: the processes of the version before serve meanwhile.
   */
  readonly readyWhileBuilding?: boolean;
  /** Whether the application's reactions and process managers run where the role is `work`. Default true. */
  readonly reactions?: boolean;
}

/**
 * Puts an application to work in one of several processes that share a database. Work is shared out by leases; everything else any
 * process with the role can do.
 *
 * @throws ReadModelChangedError when a read model's tables changed and its version did not
 */
export async function startShared(
  application: Application<any, any>,
  options: StartSharedOptions,
): Promise<RunningApplication> {
  const { storage, roles = allRoles, clock = systemClock, reactions: withReactions = true } = options;
  const { name } = application;
  const log = await storage.openLog(name, { clock });
  const opened: { close(): Promise<void> }[] = [log];
  try {
    const warnings = new StorageWarnings();
    const positions = new ReadModelPositions([]);
    const projections = new SharedProjections({
      application,
      log,
      clock,
      positions,
      openWriter: () => storage.openReadDatabaseWriter(name),
    });
    opened.unshift(projections);
    const changed: ReadModelDefinition<string, any>[] = [];
    const follower = await storage.followReadModels(name, {
      // Who only writes neither asks nor builds them.
      readModels: roles.some((role) => role !== 'write') ? [...application.readModels.values()] : [],
      onMove: ({ version, ...move }) => {
        if (application.readModels.get(move.readModel)?.version === version) projections.heard(move);
      },
      onChanged: (readModel) => changed.push(readModel),
      onError: (error) => warnings.isAway('read database', error),
      onReconnect: () => warnings.answers('read database'),
    });
    opened.unshift(follower);
    // Nobody would ever build what it waits for. Who neither builds nor answers has nothing to do with it.
    const [first] = changed.splice(0);
    if (first !== undefined && (roles.includes('read') || roles.includes('work'))) {
      throw new ReadModelChangedError(first.name, first.version);
    }
    const queries = roles.includes('read')
      ? localQueries(application, await storage.openReadDatabaseReader(name), clock)
      : undefined;
    if (queries !== undefined) opened.unshift(queries);

    const member = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
    const keeper = roles.includes('work')
      ? new LeaseKeeper({
          store: heard(await storage.openLeases(name), () => warnings.answers('database')),
          member,
          ...(options.leaseTtlMs === undefined ? {} : { ttlMs: options.leaseTtlMs }),
          onError: (error, work) =>
            work === undefined ? warnings.isAway('database', error) : warnings.failed(work, error),
        })
      : undefined;
    if (keeper !== undefined) opened.unshift(keeper);
    const { maxCachedStates, maxAttempts } = options;
    const executor = new CommandExecutor({
      application,
      log,
      clock,
      backOff,
      isLogShared: true,
      ...(maxCachedStates === undefined ? {} : { maxCachedStates }),
      ...(maxAttempts === undefined ? {} : { maxAttempts }),
    });
    const reactions = new Reactions({
      application,
      log,
      issueCommand: (request, call) => executor.execute(request, { ...call, isInternal: true }),
      scheduler: systemScheduler(clock),
      onFailure: reactionWarnings(),
      sharing: keeper && { keeper, member },
    });
    const running = new Running({
      application,
      log,
      executor,
      projections,
      queries,
      positions,
      reactions,
      clock,
      roles,
      keeper,
      member,
      follower,
      requests: undefined,
      closeLimitMs,
      isReadyWhileBuilding: options.readyWhileBuilding ?? !roles.includes('read'),
      failure: () => undefined,
    });
    if (keeper === undefined || !withReactions) await reactions.watch();
    else await reactions.start();
    if (keeper !== undefined) {
      projections.share(keeper);
      await keeper.start();
    }
    return running;
  } catch (error) {
    for (const one of opened) await one.close().catch(() => undefined);
    throw error;
  }
}

/** The first two conflicts may be with commands of this process: those are settled by now. Then longer each time, and by chance. */
async function backOff(attempt: number): Promise<void> {
  if (attempt > 2) await sleep(Math.random() * Math.min(maxBackOffMs, 2 ** attempt));
}
