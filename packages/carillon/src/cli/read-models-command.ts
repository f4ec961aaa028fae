import { setTimeout as pause } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { CarillonError } from '../definitions/errors.js';
import type { ReadModelAdmin } from '../runtime/read-model-admin.js';
import type { ReadModelStatus } from '../runtime/running-application.js';
import { dataFiles, defaultFolder } from './data-folder.js';
import { openModule } from './open-module.js';

/** How often progress is looked at, in milliseconds. */
const lookIntervalMs = 200;

interface Options {
  readonly data: string;
}

/** `carillon read-models`: where they stand, and what can be done about it. */
export function readModelsCommand(parent: Command): void {
  const command = parent
    .command('read-models')
    .summary('list read models with their lag; rebuild or resume one')
    .description(
      'Shows where the read models of an application stand, rebuilds them, and resumes those that stopped.\n' +
        'Works while the application runs, and when it does not.',
    );
  withData(command.command('list', { isDefault: true }).argument('<module>', 'the module that exports the application'))
    .summary('list read models with position, lag and status')
    .action((module: string, options: Options) => during(module, options, list));
  withData(command.command('rebuild').argument('<module>').argument('<name>', 'the read model'))
    .summary('empty a read model and build it again from the log')
    .action((module: string, name: string, options: Options) =>
      during(module, options, (admin) => rebuild(admin, name)),
    );
  withData(command.command('resume').argument('<module>').argument('<name>', 'the read model'))
    .summary('let a read model that failed try again where it stopped')
    .action((module: string, name: string, options: Options) =>
      during(module, options, (admin) => resume(admin, name)),
    );
  command.addHelpText(
    'after',
    `
Examples:
  $ carillon read-models dist/library.js
  $ carillon read-models rebuild dist/library.js catalogue
  $ carillon read-models resume dist/library.js catalogue --data ./data/library`,
  );
}

function withData(command: Command): Command {
  const folder = process.env['CARILLON_DATA'] ?? defaultFolder;
  return command.option('-d, --data <folder>', 'the folder of the application', folder);
}

async function during(
  module: string,
  { data }: Options,
  work: (admin: ReadModelAdmin) => Promise<void>,
): Promise<void> {
  const files = dataFiles(data);
  const [{ openReadModelAdmin }, { openSqliteLogReader }] = await Promise.all([
    import('../runtime/read-model-admin.js'),
    import('../log/sqlite/sqlite-log-reader.js'),
  ]);
  const { application } = await openModule(module);
  const log = openSqliteLogReader(files.log);
  const admin = await openReadModelAdmin(application, log, files);
  try {
    await work(admin);
  } finally {
    await admin.close();
    await log.close();
  }
}

async function list(admin: ReadModelAdmin): Promise<void> {
  const statuses = await admin.list();
  const table = new Table({
    head: ['read model', 'version', 'position', 'lag', 'oldest', 'status'],
    style: { head: [], border: [] },
  });
  for (const { name, version, position, lagEvents, lagMs, status } of statuses) {
    table.push([name, version, position, `${lagEvents} events`, lagEvents === 0 ? '–' : duration(lagMs), status]);
  }
  process.stdout.write(`${table.toString()}\n`);
  for (const { name, failure } of statuses) {
    if (failure === undefined) continue;
    process.stdout.write(
      `\n${name} stopped at position ${failure.position} (${failure.eventType}) at ${failure.failedAt}:\n  ${failure.message}\n` +
        `Mend the handler, restart the application, then: carillon read-models resume <module> ${name}\n`,
    );
    process.exitCode = 1;
  }
}

async function rebuild(admin: ReadModelAdmin, name: string): Promise<void> {
  await admin.rebuild(name);
  const done = await follow(admin, name);
  process.stdout.write(`${name} is rebuilt: every event up to ${done.position} is in it.\n`);
}

async function resume(admin: ReadModelAdmin, name: string): Promise<void> {
  await admin.resume(name);
  const done = await follow(admin, name);
  process.stdout.write(`${name} has caught up to ${done.position}.\n`);
}

/** Shows progress until the read model has caught up with the log as it is now. */
async function follow(admin: ReadModelAdmin, name: string): Promise<ReadModelStatus> {
  let status = await admin.status(name);
  const goal = status.head;
  const bar = process.stderr.isTTY
    ? new SingleBar({
        format: '{bar} {percentage}% · {value}/{total} events · {eta_formatted} left',
        stream: process.stderr,
      })
    : undefined;
  bar?.start(goal, status.position);
  let reported = 0;
  try {
    while (status.position < goal) {
      if (status.failure !== undefined) {
        const { position, eventType, message } = status.failure;
        throw new CarillonError(
          'read-model-failed',
          `${name} stopped at position ${position} (${eventType}): ${message}`,
        );
      }
      await pause(lookIntervalMs);
      status = await admin.status(name);
      bar?.update(Math.min(status.position, goal));
      const tenth = Math.floor((status.position / goal) * 10);
      if (bar === undefined && tenth > reported)
        process.stderr.write(`${tenth * 10} % (${status.position} of ${goal} events)\n`);
      reported = Math.max(reported, tenth);
    }
  } finally {
    bar?.stop();
  }
  return status;
}

function duration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
