import type { ReadModelState } from '../read-database/read-database.js';
import type { ProgressListener, ProjectionHost, QueryHost } from './hosts.js';
import { Pace } from './pace.js';
import { emitWarning } from './projection-warning.js';
import { Thread, threadEntry } from './thread.js';

/** What both threads are told. */
export interface ThreadSetup {
  /** The URL of the module that exports the application. */
  readonly module: string;
  /** Which application, should the module export several. */
  readonly application: string;
  /** The names of its modules: those of the application that the module exports, or some of them. */
  readonly modules: readonly string[];
  readonly logFile: string;
  readonly readFile: string;
}

/**
 * How often the projections are told that the log has grown, in milliseconds, while nobody waits for them: several events
 * at a time cost little more than one, and take nothing from the commands.
 */
const wakeIntervalMs = 2;

/** Runs the projections in a worker thread of their own. `onFailure` hears when it ends by itself. */
export async function threadProjections(
  setup: ThreadSetup,
  onProgress: ProgressListener,
  onFailure: (error: Error) => void,
): Promise<ProjectionHost> {
  const thread = new Thread(threadEntry('projection-thread', import.meta.url), 'projection', setup);
  thread.on('progress', onProgress);
  thread.on('warning', emitWarning);
  thread.onFailure(onFailure);
  const initial = await opened<[string, ReadModelState][]>(thread);
  const pace = new Pace(wakeIntervalMs, (head: number) => thread.tell('wake', head));
  return {
    initial: new Map(initial),
    wake: (head, isAwaited = false) => pace.say(head, isAwaited),
    rebuild: (readModel) => thread.call('rebuild', readModel),
    resume: (readModel) => thread.call('resume', readModel),
    close: () => {
      pace.end();
      return closed(thread);
    },
  };
}

/** Runs queries in a worker thread of their own, one at a time. `onFailure` hears when it ends by itself. */
export async function threadQueries(setup: ThreadSetup, onFailure: (error: Error) => void): Promise<QueryHost> {
  const thread = new Thread(threadEntry('query-thread', import.meta.url), 'query', setup);
  thread.onFailure(onFailure);
  await opened(thread);
  return {
    run: (query, params, actor) => thread.call('run', query, params, actor),
    close: () => closed(thread),
  };
}

async function opened<T>(thread: Thread): Promise<T> {
  try {
    return await thread.call<T>('open');
  } catch (error) {
    await thread.terminate();
    throw error;
  }
}

async function closed(thread: Thread): Promise<void> {
  await thread.call('close').catch(() => undefined);
  await thread.terminate();
}
