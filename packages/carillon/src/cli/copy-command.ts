import type { Command } from 'commander';
import type { Application } from '../definitions/application.js';
import type { LogReader } from '../log/sqlite/sqlite-log-reader.js';
import { applicationOf } from './application-options.js';
import { dataFiles, defaultFolder } from './data-folder.js';
import { withExamples } from './examples.js';
import { type HostedOptions, withHostedOptions } from './hosted-options.js';
import { type Progress, progressOn } from './progress.js';
import { checkPostgresUrl, loadPostgres } from './storage-options.js';

interface CopyOptions extends HostedOptions {
  readonly data: string;
  readonly to: string;
}

/** `carillon copy`: takes the log of a folder along to PostgreSQL. */
export function copyCommand(parent: Command): void {
  const command = parent
    .command('copy')
    .summary('take the log of a folder along to PostgreSQL')
    .description(
      'Copies every event of a folder into the log of the application, or service, in PostgreSQL: at the same position, with its id and ' +
        'time. The application must be stopped, and is not started on the folder any more. Called again, it goes on where it stopped.',
    )
    .argument('<module>', 'the module that exports the application')
    .requiredOption('--to <url>', 'the database: postgresql://user:password@host:5432/database')
    .option('-d, --data <folder>', 'the folder of the application; env CARILLON_DATA', defaultFolder());
  withHostedOptions(command).action(copy);
  withExamples(command, [
    'copy dist/shop.js --data ./data --to postgresql://shop@db/shop',
    'copy dist/shop.js --data ./data --modules payment --to postgresql://shop@db/payment',
  ]);
}

async function copy(module: string, options: CopyOptions): Promise<void> {
  checkPostgresUrl('--to', options.to);
  const application = await applicationOf(module, options);
  const files = dataFiles(options.data);
  const [{ lockFolder }, { markMoved }, { openSqliteLogReader }] = await Promise.all([
    import('../log/sqlite/folder-lock.js'),
    import('../log/sqlite/moved.js'),
    import('../log/sqlite/sqlite-log-reader.js'),
  ]);
  // As long as it is held nothing can be appended, and nobody can start the application.
  const lock = lockFolder(files.folder);
  try {
    const log = openSqliteLogReader(files.log);
    const place = await copyInto(options.to, application, log).finally(() => log.close());
    markMoved(files.folder, place, new Date());
    process.stdout.write(
      'Start it there from now on, with --postgres in the place of --data: its read models are built anew. ' +
        `What is in ${files.folder} stays as it was, and is not started there any more.\n`,
    );
  } finally {
    lock.release();
  }
}

/** Resolves with where the log is now. */
async function copyInto(url: string, application: Application, log: LogReader): Promise<string> {
  const { copyLog, schemaName, postgresStorage } = await loadPostgres();
  const schema = schemaName(application.name);
  let progress: Progress | undefined;
  let before: number | undefined;
  const total = await copyLog(log, {
    url,
    schema,
    onProgress(copied, goal) {
      before ??= copied;
      if (copied < goal) progress ??= progressOn(process.stderr, goal, copied);
      progress?.show(copied);
    },
  }).finally(() => progress?.end());
  const found = before === 0 ? '' : total === before ? ', and were already' : `; ${total - before!} were copied now`;
  const place = `schema ${schema} of ${postgresStorage({ url }).name}`;
  process.stdout.write(`${total} events of ${application.name} are in ${place}${found}.\n`);
  return place;
}
