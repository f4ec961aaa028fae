import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { ReactionAdmin, TakenUp } from '../runtime/reaction-admin.js';
import { type ApplicationOptions, applicationOf, ofApplication } from './application-options.js';
import { dataFiles } from './data-folder.js';
import { withExamples } from './examples.js';
import { positiveInteger, wholeNumber } from './numbers.js';
import { processText } from './process-text.js';
import { parkedTable, reactionNotes, reactionTable } from './reaction-table.js';
import { existingLog } from './storage-options.js';

/** `carillon reactions`: where reactions and process managers stand, what is parked, and what can be done about it. */
export function reactionsCommand(parent: Command): void {
  const command = parent
    .command('reactions')
    .summary('list reactions with their parked events; retry or skip one')
    .description(
      'Shows where the reactions and process managers of an application stand and what is parked, and lets parked events be ' +
        'tried again or given up. Works while the application runs, and when it does not.',
    );
  const listing = ofApplication(command.command('list', { isDefault: true }))
    .summary('list reactions with lag and parked events')
    .description(
      'Lists reactions and process managers with position, lag and parked events. Exit code 1 when events wait for you.',
    )
    .action((module: string, options: ApplicationOptions) => during(module, options, list));
  withExamples(listing, [
    'reactions list dist/shop.js --data ./data/shop',
    'reactions list dist/shop.js --postgres postgresql://shop@db/shop --modules payment',
  ]);
  const retrying = ofParked(command.command('retry'))
    .summary('let a parked event be tried again')
    .description('Lets a parked event be tried again, and then what waits behind it. The list has its position.')
    .action((module: string, name: string, position: number, options: ApplicationOptions) =>
      during(module, options, async (admin) => {
        const takenUp = await admin.retry(name, position, operator());
        process.stdout.write(`${name} tries ${position} again, and then what waits behind it, ${when(takenUp)}\n`);
      }),
    );
  withExamples(retrying, ['reactions retry dist/shop.js charge-orders 4711']);
  const skipping = ofParked(command.command('skip'))
    .requiredOption('-r, --reason <text>', 'why it is given up: recorded in the log')
    .summary('give a parked event up for good')
    .description('Gives a parked event up for good, and goes on with what waits behind it. The list has its position.')
    .action(
      (module: string, name: string, position: number, options: ApplicationOptions & { readonly reason: string }) =>
        during(module, options, async (admin) => {
          const takenUp = await admin.skip(name, position, options.reason, operator());
          process.stdout.write(
            `${name} gives ${position} up, and goes on with what waits behind it, ${when(takenUp)}\n`,
          );
        }),
    );
  withExamples(skipping, ['reactions skip dist/shop.js charge-orders 4711 --reason "paid in cash"']);
  const looking = ofApplication(command.command('processes'))
    .argument('<name>', 'the process manager')
    .argument('[key]', 'one process: its state, its timers and everything that led to it')
    .option('-n, --limit <count>', 'how many to list', positiveInteger, 50)
    .summary('list processes, or look at one')
    .description(
      'Lists the processes of a process manager that last decided something, or shows one with what led to it.',
    )
    .action(
      (
        module: string,
        name: string,
        key: string | undefined,
        options: ApplicationOptions & { readonly limit: number },
      ) =>
        during(module, options, async (admin) => {
          if (key === undefined) await listProcesses(admin, name, options.limit);
          else process.stdout.write(`${processText(await admin.process(name, key))}\n`);
        }),
    );
  withExamples(looking, [
    'reactions processes dist/shop.js fulfilment',
    'reactions processes dist/shop.js fulfilment A-1',
  ]);
  withExamples(command, [
    'reactions dist/shop.js',
    'reactions retry dist/shop.js charge-orders 4711',
    'reactions skip dist/shop.js charge-orders 4711 --reason "paid in cash"',
    'reactions processes dist/shop.js fulfilment A-1',
    'reactions dist/shop.js --postgres postgresql://shop@db/shop --modules payment',
  ]);
}

function ofParked(command: Command): Command {
  return ofApplication(command)
    .argument('<reaction>', 'the reaction or process manager')
    .argument('<position>', 'the position of the parked event', wholeNumber);
}

async function during(
  module: string,
  options: ApplicationOptions,
  work: (admin: ReactionAdmin) => Promise<void>,
): Promise<void> {
  const files = options.postgres === undefined ? dataFiles(options.data) : undefined;
  const { openReactionAdmin, recordIn, recordInShared } = await import('../runtime/reaction-admin.js');
  const application = await applicationOf(module, options);
  if (files === undefined) {
    const log = await existingLog(options.postgres!, application.name);
    return work(openReactionAdmin(application, log, recordInShared(log))).finally(() => log.close());
  }
  const { openSqliteLogReader } = await import('../log/sqlite/sqlite-log-reader.js');
  const log = openSqliteLogReader(files.log);
  return work(openReactionAdmin(application, log, recordIn(files.folder))).finally(() => log.close());
}

/** When what was decided is done. */
function when(takenUp: TakenUp): string {
  switch (takenUp) {
    case 'now':
      return 'now: list the reactions to see what comes of it.';
    case 'soon':
      return 'as soon as the application that runs looks for what it is asked to do: it has not yet.';
    case 'at-start':
      return 'when the application is started: it does not run.';
    case 'shared':
      return 'at once if a process with the role work runs, otherwise when one is started.';
  }
}

async function list(admin: ReactionAdmin): Promise<void> {
  const reactions = await admin.list();
  if (reactions.length === 0) {
    process.stdout.write('The application has no reactions.\n');
    return;
  }
  process.stdout.write(`${reactionTable(reactions)}\n`);
  for (const note of reactionNotes(reactions)) process.stdout.write(`${note}\n`);
  const parked = parkedTable(reactions);
  if (parked === undefined) return;
  process.stdout.write(`\nParked: their keys wait until they are retried or skipped.\n${parked}\n`);
  const waits = reactions.some((one) => one.parked.some(({ resumeAfter }) => resumeAfter === undefined));
  if (waits) process.exitCode = 1;
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
