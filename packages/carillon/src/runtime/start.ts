import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandExecutor } from '../deciding/command-executor.js';
import type { Application } from '../definitions/application.js';
import { type Clock, systemClock } from '../definitions/clock.js';
import type { Log } from '../log/log.js';
import { memoryLog } from '../log/memory-log.js';
import { logFile, openSqliteLog } from '../log/sqlite/sqlite-log.js';
import { ReadModelPositions } from '../querying/read-model-positions.js';
import { Reactions } from '../reacting/reactions.js';
import { systemScheduler } from '../reacting/scheduler.js';
import {
  openMemoryReadDatabase,
  openSqliteReadDatabaseReader,
  openSqliteReadDatabaseWriter,
} from '../read-database/sqlite/open.js';
import type { ProgressListener, ProjectionHost, QueryHost } from './hosts.js';
import { localProjections, localQueries } from './local-hosts.js';
import { OperatorRequests } from './operator-requests.js';
import { reactionWarnings } from './reaction-warning.js';
import { allRoles } from './roles.js';
import { Running } from './running.js';
import type { RunningApplication } from './running-application.js';
import { type StartSharedOptions, startShared } from './start-shared.js';
import { threadProjections, threadQueries } from './thread-hosts.js';

/** What `start` takes: a folder that belongs to one process, or a database that several processes share. */
export type StartOptions = StartEmbeddedOptions | StartSharedOptions;

/** What `start` takes when everything is in one folder. */
export interface StartEmbeddedOptions {
  /** Where the application keeps its data: `log.db` (the log) and `read.db` (the read models). Made if it is not there. */
  readonly folder: string;
  /**
   * The module that exports the application, as a URL (`import.meta.url` of that module) or a path. Projections and queries then run
   * in worker threads of their own, which load that module: it must be one that Node can load by itself, JavaScript in general. Without
   * it everything runs on this thread: for tests and scripts.
   */
  readonly module?: string | URL;
  /** Says what time it is. Queries and projections in worker threads look at the machine's clock. Default: the machine's clock. */
  readonly clock?: Clock;
  /** The most decision states to keep in memory. Default 50,000. */
  readonly maxCachedStates?: number;
  /** How often a command is decided before a conflict is reported. Default 10. */
  readonly maxAttempts?: number;
  /** Whether the application's reactions and process managers run. Default true. */
  readonly reactions?: boolean;
}

/** What `startInMemory` takes. */
export interface StartInMemoryOptions
  extends Pick<StartEmbeddedOptions, 'clock' | 'maxCachedStates' | 'maxAttempts' | 'reactions'> {
  /** Freezes decision states, so that a fold that changes its state in place fails. Default true. */
  readonly freezeStates?: boolean;
}

/**
 * Puts an application to work on a folder, or on a database. Resolves when it takes commands and answers queries; read models may still be
 * catching up then.
 *
 * @throws LogOpenError when the folder is held by another process, or holds something else
 * @throws ReadModelChangedError when a read model's tables changed and its version did not
 */
export function start(application: Application<any, any>, options: StartOptions): Promise<RunningApplication> {
  return 'storage' in options ? startShared(application, options) : startEmbedded(application, options);
}

async function startEmbedded(
  application: Application<any, any>,
  options: StartEmbeddedOptions,
): Promise<RunningApplication> {
  const readFile = join(options.folder, 'read.db');
  const clock = options.clock ?? systemClock;
  const log = await openSqliteLog({ folder: options.folder, clock });
  const module = options.module === undefined ? undefined : moduleUrl(options.module);
  const requests = new OperatorRequests(options.folder, log);
  return assemble(application, log, { ...options, clock, requests }, async (onProgress, onFailure) => {
    if (module === undefined) {
      const writer = openSqliteReadDatabaseWriter({ file: readFile });
      const projections = await localProjections(application, log, writer, clock, onProgress);
      return {
        projections,
        queries: localQueries(application, openSqliteReadDatabaseReader({ file: readFile }), clock),
      };
    }
    const { name, modules } = application;
    const part = { application: name, modules: modules.map((one) => one.name) };
    const setup = { module, ...part, logFile: logFile(options.folder), readFile };
    const projections = await threadProjections(setup, onProgress, onFailure);
    return { projections, queries: await threadQueries(setup, onFailure) };
  });
}

/** Puts an application to work in memory: for tests, and for trying things out. What it did is gone when it is closed. */
export async function startInMemory(
  application: Application<any, any>,
  options: StartInMemoryOptions = {},
): Promise<RunningApplication> {
  const clock = options.clock ?? systemClock;
  const log = memoryLog({ clock });
  return assemble(application, log, { freezeStates: true, ...options, clock }, async (onProgress) => {
    const { writer, reader } = openMemoryReadDatabase();
    const projections = await localProjections(application, log, writer, clock, onProgress);
    return { projections, queries: localQueries(application, reader, clock) };
  });
}

type Hosts = { readonly projections: ProjectionHost; readonly queries: QueryHost };

async function assemble(
  application: Application<any, any>,
  log: Log,
  options: StartInMemoryOptions & { readonly clock: Clock; readonly requests?: OperatorRequests },
  openHosts: (onProgress: ProgressListener, onFailure: (error: Error) => void) => Promise<Hosts>,
): Promise<RunningApplication> {
  const positions = new ReadModelPositions([]);
  let failure: Error | undefined;
  try {
    const { projections, queries } = await openHosts(
      (progress) => positions.moved(progress),
      (error) => {
        failure = error;
      },
    );
    for (const [readModel, state] of projections.initial) {
      const known = positions.get(readModel);
      // What was heard while they were opened is newer.
      if (known.build === 0 || state.position > known.position) positions.moved({ readModel, tables: [], ...state });
    }
    const { clock, requests, reactions: withReactions = true, ...executing } = options;
    const executor = new CommandExecutor({ application, log, clock, ...executing });
    const reactions = new Reactions({
      application,
      log,
      issueCommand: (request, call) => executor.execute(request, { ...call, isInternal: true }),
      scheduler: systemScheduler(clock),
      onFailure: reactionWarnings(),
    });
    const parts = {
      application,
      log,
      executor,
      projections,
      queries,
      positions,
      reactions,
      requests,
      clock,
      roles: allRoles,
    };
    const running = new Running({ ...parts, isReadyWhileBuilding: true, failure: () => failure });
    if (withReactions) await reactions.start();
    return running;
  } catch (error) {
    await options.requests?.close();
    await log.close();
    throw error;
  }
}

function moduleUrl(module: string | URL): string {
  const text = String(module);
  return /^[a-z]{2,}:/i.test(text) ? text : pathToFileURL(text).href;
}
