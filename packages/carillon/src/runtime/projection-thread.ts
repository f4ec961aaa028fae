import { workerData } from 'node:worker_threads';
import { openSqliteLogReader } from '../log/sqlite/sqlite-log-reader.js';
import { Projector } from '../projecting/projector.js';
import { openSqliteReadDatabaseWriter } from '../read-database/sqlite/open.js';
import { loadApplication } from './load-application.js';
import { projectionWarnings } from './projection-warning.js';
import { serveThread } from './thread.js';
import type { ThreadSetup } from './thread-hosts.js';

const setup = workerData as ThreadSetup;
let close = async (): Promise<void> => undefined;
let projector: Projector | undefined;

const notify = serveThread({
  async open() {
    const application = await loadApplication(setup.module, setup.application, setup.modules);
    const log = openSqliteLogReader(setup.logFile);
    const database = openSqliteReadDatabaseWriter({ file: setup.readFile });
    const opened = new Projector({
      application,
      log,
      database,
      // Said by the main thread: only there the process hears of it.
      ...projectionWarnings(
        (progress) => notify('progress', progress),
        (warning) => notify('warning', warning),
      ),
    });
    await opened.start();
    projector = opened;
    close = async () => {
      await opened.close();
      await database.close();
      await log.close();
    };
    return [...opened.states()];
  },
  wake: (head: number) => projector?.wake(head),
  rebuild: (readModel: string) => projector?.rebuild(readModel),
  resume: (readModel: string) => projector?.resume(readModel),
  close: () => close(),
});
