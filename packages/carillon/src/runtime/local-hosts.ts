import type { Application } from '../definitions/application.js';
import type { Clock } from '../definitions/clock.js';
import type { Log } from '../log/log.js';
import { Projector } from '../projecting/projector.js';
import { QueryRunner } from '../querying/query-runner.js';
import type { ReadDatabaseReader, ReadDatabaseWriter } from '../read-database/read-database.js';
import type { ProgressListener, ProjectionHost, QueryHost } from './hosts.js';
import { projectionWarnings } from './projection-warning.js';

/** Runs the projections on this thread, a batch at a time. */
export async function localProjections(
  application: Application<any, any>,
  log: Pick<Log, 'read' | 'head'>,
  database: ReadDatabaseWriter,
  clock: Clock,
  onProgress: ProgressListener,
): Promise<ProjectionHost> {
  const projector = new Projector({ application, log, database, clock, ...projectionWarnings(onProgress) });
  await projector.start();
  return {
    initial: projector.states(),
    wake: (head) => projector.wake(head),
    rebuild: (readModel) => projector.rebuild(readModel),
    resume: (readModel) => projector.resume(readModel),
    close: async () => {
      await projector.close();
      await database.close();
    },
  };
}

/** Runs queries on this thread, one at a time. */
export function localQueries(application: Application<any, any>, reader: ReadDatabaseReader, clock: Clock): QueryHost {
  const runner = new QueryRunner(application, reader, clock);
  return {
    run: (query, params, actor) => runner.run(query, params, actor),
    close: () => reader.close(),
  };
}
