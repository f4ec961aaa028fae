import { workerData } from 'node:worker_threads';
import type { Actor } from '../definitions/actor.js';
import { QueryRunner } from '../querying/query-runner.js';
import { openSqliteReadDatabaseReader } from '../read-database/sqlite/open.js';
import { giveWay } from './give-way.js';
import { loadApplication } from './load-application.js';
import { serveThread } from './thread.js';
import type { ThreadSetup } from './thread-hosts.js';

const setup = workerData as ThreadSetup;
let close = async (): Promise<void> => undefined;
let runner: QueryRunner | undefined;

// Commands first: they decide in the thread that also speaks HTTP.
giveWay();
serveThread({
  async open() {
    const application = await loadApplication(setup.module, setup.application, setup.modules);
    const reader = openSqliteReadDatabaseReader({ file: setup.readFile });
    runner = new QueryRunner(application, reader);
    close = () => reader.close();
  },
  run: (query: string, params: unknown, actor: Actor | undefined) => runner?.run(query, params, actor),
  close: () => close(),
});
