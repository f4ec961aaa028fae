import type { ReadModelState } from '../read-database/read-database.js';
import type { ProgressListener, ProjectionHost, QueryHost } from './hosts.js';
import { Thread, threadEntry } from './thread.js';

/** What both threads are told. */
export interface ThreadSetup {
  /** The URL of the module that exports the application. */
  readonly module: string;
  /** Which application, should the module export several. */
  readonly application: string;
  readonly logFile: string;
  readonly readFile: string;
}

/** Runs the projections in a worker thread of their own. `onFailure` hears when it ends by itself. */
export async function threadProjections(
  setup: ThreadSetup,
  onProgress: ProgressListener,
  onFailure: (error: Error) => void,
): Promise<ProjectionHost> {
  const thread = new Thread(threadEntry('projection-thread', import.meta.url), 'projection', setup);
  thread.on('progress', onProgress);
  thread.onFailure(onFailure);
  const initial = await opened<[string, ReadModelState][]>(thread);
  return {
    initial: new Map(initial),
    // What cannot be told now is noticed with the next event, or when the thread's failure is.
    wake: (head) => void thread.call('wake', head).catch(() => undefined),
    rebuild: (readModel) => thread.call('rebuild', readModel),
    resume: (readModel) => thread.call('resume', readModel),
    close: () => closed(thread),
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
