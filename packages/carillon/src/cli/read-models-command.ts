import { type Command, InvalidArgumentError } from 'commander';
import type { StoredReadModel } from '../read-database/read-database.js';
import type { ReadModelAdmin } from '../runtime/read-model-admin.js';
import type { ReadModelStatus } from '../runtime/running-application.js';
import { type ApplicationOptions, applicationOf, ofApplication } from './application-options.js';
import { catchUp } from './catch-up.js';
import { dataFiles } from './data-folder.js';
import { withExamples } from './examples.js';
import { idleText } from './idle-text.js';
import { readModelTable } from './read-model-table.js';
import { readPostgresOption, type StorageOptions, storageOf } from './storage-options.js';

interface Options extends ApplicationOptions, StorageOptions {}

/** `carillon read-models`: where they stand, and what can be done about it. */
export function readModelsCommand(parent: Command): void {
  const command = parent
    .command('read-models')
    .summary('list read models with their lag; rebuild, resume or drop one')
    .description(
      'Shows where the read models of an application stand, rebuilds them, resumes those that stopped, ' +
        'and drops old versions. Works while the application runs, and on a folder when it does not.',
    );
  const listing = ofReadModels(command.command('list', { isDefault: true }))
    .summary('list read models with lag, and what is being built')
    .description(
      'Lists read models with lag, and what is being built. Exit code 1 when one has stopped, or is to be built and nobody does.',
    )
    .action((module: string, options: Options) => during(module, options, (admin) => list(admin, module)));
  withExamples(listing, [
    'read-models list dist/library.js --data ./data/library',
    'read-models list dist/shop.js --postgres postgresql://shop@db/shop --modules storefront',
  ]);
  const rebuilding = ofReadModels(command.command('rebuild'))
    .argument('<name>', 'the read model')
    .summary('build one again from the log, while it goes on answering')
    .description('Builds a read model again from the log, while it goes on answering, and shows how far that is.')
    .action((module: string, name: string, options: Options) =>
      during(module, options, (admin) => rebuild(admin, name)),
    );
  withExamples(rebuilding, ['read-models rebuild dist/library.js catalogue']);
  const resuming = ofReadModels(command.command('resume'))
    .argument('<name>', 'the read model')
    .summary('let a read model that failed try again where it stopped')
    .description('Lets a read model that failed try again where it stopped, and waits until it has caught up.')
    .action((module: string, name: string, options: Options) =>
      during(module, options, (admin) => resume(admin, name)),
    );
  withExamples(resuming, ['read-models resume dist/library.js catalogue --data ./data/library']);
  const dropping = ofReadModels(command.command('drop'))
    .argument('<name@version>', 'the read model and its old version', nameAndVersion)
    .summary('remove an old version that nobody uses any more')
    .description('Removes an old version of a read model that no process uses any more, with its tables.')
    .action((module: string, old: NameAndVersion, options: Options) =>
      during(module, options, (admin) => drop(admin, old)),
    );
  withExamples(dropping, ['read-models drop dist/library.js catalogue@1']);
  withExamples(command, [
    'read-models dist/library.js',
    'read-models rebuild dist/library.js catalogue',
    'read-models resume dist/library.js catalogue --data ./data/library',
    'read-models drop dist/library.js catalogue@1 --postgres postgresql://library@db/library',
  ]);
}

function ofReadModels(command: Command): Command {
  return ofApplication(command).addOption(readPostgresOption('its read models are in another database'));
}

async function during(module: string, options: Options, work: (admin: ReadModelAdmin) => Promise<void>): Promise<void> {
  const storage = await storageOf(options);
  if (storage !== undefined) {
    const { openSharedReadModelAdmin } = await import('../runtime/read-model-admin.js');
    const application = await applicationOf(module, options);
    const admin = await openSharedReadModelAdmin(application, storage);
    return work(admin).finally(() => admin.close());
  }
  const files = dataFiles(options.data);
  const [{ openReadModelAdmin }, { openSqliteLogReader }] = await Promise.all([
    import('../runtime/read-model-admin.js'),
    import('../log/sqlite/sqlite-log-reader.js'),
  ]);
  const application = await applicationOf(module, options);
  const log = openSqliteLogReader(files.log);
  const admin = await openReadModelAdmin(application, log, files);
  try {
    await work(admin);
  } finally {
    await admin.close();
    await log.close();
  }
}

async function list(admin: ReadModelAdmin, module: string): Promise<void> {
  const statuses = await admin.list();
  const waiting = await waitingOf(admin, statuses);
  const shown =
    statuses.length === 0
      ? 'The application has no read models.'
      : readModelTable(statuses, process.stdout.columns, new Set(waiting.keys()));
  process.stdout.write(`${shown}\n`);
  const own = new Map(statuses.map(({ name, version }) => [name, version]));
  for (const other of await admin.others()) process.stdout.write(alsoStored(other, own.get(other.name), module));
  for (const status of statuses) {
    const text = waiting.get(status.name) ?? stopped(status, module);
    if (text === undefined) continue;
    process.stdout.write(text);
    process.exitCode = 1;
  }
}

/** What is stored besides. A version that is newer than the module's is no old one that is in the way: it is being put into service. */
function alsoStored(
  { name, version, position, isServing }: StoredReadModel,
  own: number | undefined,
  module: string,
): string {
  const next =
    own !== undefined && version > own
      ? 'a newer version of the application has it.'
      : `this application has no such version. When no process uses it any more: carillon read-models drop ${module} ${name}@${version}`;
  return `\nAlso stored: ${name}@${version}, ${isServing ? 'served' : 'built'} up to ${position}; ${next}\n`;
}

/** Those that are to be built and that nobody builds, by name, with what to do about it. */
async function waitingOf(admin: ReadModelAdmin, statuses: readonly ReadModelStatus[]): Promise<Map<string, string>> {
  const waiting = new Map<string, string>();
  for (const status of statuses) {
    const { name, isServing, failure, building } = status;
    if (building === undefined || failure !== undefined || building.failure !== undefined) continue;
    const reason = await admin.idle(name);
    const what = isServing ? `The rebuild of ${name}` : name;
    if (reason !== undefined) waiting.set(name, `\n${what} waits. ${idleText(status, reason)}\n`);
  }
  return waiting;
}

/** What to do about a read model, or a rebuild of it, that has stopped. */
function stopped({ name, failure, building }: ReadModelStatus, module: string): string | undefined {
  const found = failure ?? building?.failure;
  if (found === undefined) return undefined;
  const { position, eventType, failedAt, message } = found;
  const what = failure === undefined ? `The rebuild of ${name}` : name;
  const then = failure === undefined ? 'rebuild' : 'resume';
  return (
    `\n${what} stopped at position ${position} (${eventType}) at ${failedAt}:\n  ${message}\n` +
    'Mend the handler and start the application again: it goes on where it stopped. ' +
    `If it was something else, which is mended by now: carillon read-models ${then} ${module} ${name}\n`
  );
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

interface NameAndVersion {
  readonly name: string;
  readonly version: number;
}

async function drop(admin: ReadModelAdmin, { name, version }: NameAndVersion): Promise<void> {
  await admin.drop(name, version);
  process.stdout.write(`${name}@${version} is dropped, with its tables.\n`);
}

/** `catalogue@1` */
function nameAndVersion(text: string): NameAndVersion {
  const found = /^(.+)@([1-9]\d{0,8})$/.exec(text);
  if (found === null) throw new InvalidArgumentError('Say which version, such as catalogue@1.');
  return { name: found[1]!, version: Number(found[2]) };
}
