import type { Command } from 'commander';
import type { ReadModelAdmin } from '../runtime/read-model-admin.js';
import { catchUp } from './catch-up.js';
import { dataFiles, defaultFolder } from './data-folder.js';
import { openModule } from './open-module.js';
import { readModelTable } from './read-model-table.js';

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
  ofApplication(command.command('list', { isDefault: true }))
    .summary('list read models with position, lag and status')
    .action((module: string, options: Options) => during(module, options, list));
  ofApplication(command.command('rebuild'))
    .argument('<name>', 'the read model')
    .summary('empty a read model and build it again from the log')
    .action((module: string, name: string, options: Options) =>
      during(module, options, (admin) => rebuild(admin, name)),
    );
  ofApplication(command.command('resume'))
    .argument('<name>', 'the read model')
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

/** The module and the folder, which every one of them needs. */
function ofApplication(command: Command): Command {
  return command
    .argument('<module>', 'the module that exports the application')
    .option('-d, --data <folder>', 'the folder of the application; env CARILLON_DATA', defaultFolder());
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
  process.stdout.write(`${readModelTable(statuses, process.stdout.columns)}\n`);
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
  const done = await catchUp(admin, name);
  process.stdout.write(`${name} is rebuilt: every event up to ${done.position} is in it.\n`);
}

async function resume(admin: ReadModelAdmin, name: string): Promise<void> {
  await admin.resume(name);
  const done = await catchUp(admin, name);
  process.stdout.write(`${name} has caught up to ${done.position}.\n`);
}
