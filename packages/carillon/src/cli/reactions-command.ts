import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { ReactionAdmin } from '../runtime/reaction-admin.js';
import { dataFiles, defaultFolder } from './data-folder.js';
import { positiveInteger, wholeNumber } from './numbers.js';
import { openModule } from './open-module.js';
import { processText } from './process-text.js';
import { parkedTable, reactionTable } from './reaction-table.js';
import { existingLog, postgresOption } from './storage-options.js';

interface Options {
  readonly data: string;
  readonly postgres?: string;
}

/** `carillon reactions`: where reactions and process managers stand, what is parked, and what can be done about it. */
export function reactionsCommand(parent: Command): void {
  const command = parent
    .command('reactions')
    .summary('list reactions with their parked events; retry or skip one')
    .description(
      'Shows where the reactions and process managers of an application stand and what is parked, and lets parked events be\n' +
        'tried again or given up. Works while the application runs, and when it does not.',
    );
  ofApplication(command.command('list', { isDefault: true }))
    .summary('list reactions with position, lag and parked events')
    .action((module: string, options: Options) => during(module, options, list));
  ofParked(command.command('retry'))
    .summary('let a parked event be tried again, and then what waits behind it')
    .action((module: string, name: string, position: number, options: Options) =>
      during(module, options, async (admin) => {
        await admin.retry(name, position, operator());
        process.stdout.write(`${name} tries ${position} again as soon as the application runs.\n`);
      }),
    );
  ofParked(command.command('skip'))
    .requiredOption('-r, --reason <text>', 'why it is given up: recorded in the log')
    .summary('give a parked event up for good, and go on with what waits behind it')
    .action((module: string, name: string, position: number, options: Options & { readonly reason: string }) =>
      during(module, options, async (admin) => {
        await admin.skip(name, position, options.reason, operator());
        process.stdout.write(`${name} gives ${position} up, and goes on as soon as the application runs.\n`);
      }),
    );
  ofApplication(command.command('processes'))
    .argument('<name>', 'the process manager')
    .argument('[key]', 'one process: its state, its timers and everything that led to it')
    .option('-n, --limit <count>', 'how many to list', positiveInteger, 50)
    .summary('list the processes of a process manager, or look at one')
    .action((module: string, name: string, key: string | undefined, options: Options & { readonly limit: number }) =>
      during(module, options, async (admin) => {
        if (key === undefined) await listProcesses(admin, name, options.limit);
        else process.stdout.write(`${processText(await admin.process(name, key))}\n`);
      }),
    );
  command.addHelpText(
    'after',
    `
Examples:
  $ carillon reactions dist/shop.js
  $ carillon reactions retry dist/shop.js charging 4711
  $ carillon reactions processes dist/shop.js order-process order-17
  $ carillon reactions skip dist/shop.js charging 4711 --reason "refunded by hand"
  $ carillon reactions dist/shop.js --postgres postgresql://shop@db/shop`,
  );
}

/** The module and where its log is, which every one of them needs. */
function ofApplication(command: Command): Command {
  return command
    .argument('<module>', 'the module that exports the application')
    .option('-d, --data <folder>', 'the folder of the application; env CARILLON_DATA', defaultFolder())
    .addOption(postgresOption('its log is in PostgreSQL instead'));
}

function ofParked(command: Command): Command {
  return ofApplication(command)
    .argument('<reaction>', 'the reaction or process manager')
    .argument('<position>', 'the position of the parked event', wholeNumber);
}

async function during(
  module: string,
  { data, postgres }: Options,
  work: (admin: ReactionAdmin) => Promise<void>,
): Promise<void> {
  if (postgres !== undefined) return duringShared(module, postgres, work);
  const files = dataFiles(data);
  const [{ openReactionAdmin, recordIn }, { openSqliteLogReader }] = await Promise.all([
    import('../runtime/reaction-admin.js'),
    import('../log/sqlite/sqlite-log-reader.js'),
  ]);
  const { application } = await openModule(module);
  const log = openSqliteLogReader(files.log);
  try {
    await work(openReactionAdmin(application, log, recordIn(files.folder)));
  } finally {
    await log.close();
  }
}

/** Whoever runs the application hears of it from the log. */
async function duringShared(
  module: string,
  postgres: string,
  work: (admin: ReactionAdmin) => Promise<void>,
): Promise<void> {
  const { openReactionAdmin } = await import('../runtime/reaction-admin.js');
  const { application } = await openModule(module);
  const log = await existingLog(postgres, application.name);
  try {
    await work(openReactionAdmin(application, log, async (event) => void (await log.append([event]))));
  } finally {
    await log.close();
  }
}

async function list(admin: ReactionAdmin): Promise<void> {
  const reactions = await admin.list();
  if (reactions.length === 0) {
    process.stdout.write('The application has no reactions.\n');
    return;
  }
  process.stdout.write(`${reactionTable(reactions)}\n`);
  const parked = parkedTable(reactions);
  if (parked === undefined) return;
  process.stdout.write(`\nParked: their keys wait until they are retried or skipped.\n${parked}\n`);
  process.exitCode = 1;
}

async function listProcesses(admin: ReactionAdmin, name: string, limit: number): Promise<void> {
  const keys = await admin.processes(name, limit);
  process.stdout.write(keys.length === 0 ? `${name} has decided nothing yet.\n` : `${keys.join('\n')}\n`);
}

/** Who is at the keyboard, for the record. */
function operator(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
