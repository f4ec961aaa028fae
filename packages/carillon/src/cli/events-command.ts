import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { RecordedEvent } from '../definitions/event.js';
import type { LogQuery } from '../log/log-query.js';
import { type LogReader, openSqliteLogReader } from '../log/sqlite/sqlite-log-reader.js';
import { dataFiles, defaultFolder } from './data-folder.js';
import { eventLine, eventTable } from './event-table.js';
import { withExamples } from './examples.js';
import { type HostedOptions, hostedName, withHostedOptions } from './hosted-options.js';
import { positiveInteger, wholeNumber } from './numbers.js';
import { existingLog, postgresOption } from './storage-options.js';
import { UsageError } from './usage-error.js';

/** How often a tail looks for new events, in milliseconds. */
const tailIntervalMs = 200;

/** How many events a tail begins with, unless it is said after which. */
const tailEvents = 10;

/** How many events are read at a time. */
const pageSize = 500;

interface EventsOptions extends HostedOptions {
  readonly data: string;
  readonly postgres?: string;
  readonly application?: string;
  readonly type?: string[];
  readonly tag?: string[];
  readonly after?: number;
  readonly limit?: number;
  readonly backwards?: boolean;
  readonly tail?: boolean;
  readonly format?: string;
}

/** `carillon events`: what is in the log. */
export function eventsCommand(parent: Command): void {
  const command = parent
    .command('events')
    .summary('show the events of the log')
    .description('Shows the events of the log, also while the application runs.')
    .option('-d, --data <folder>', 'the folder of the application; env CARILLON_DATA', defaultFolder())
    .addOption(postgresOption('the log is in PostgreSQL instead'))
    .option('--application <name>', 'with --postgres: the application, or service, whose log it is');
  withHostedOptions(command)
    .option('-t, --type <type...>', 'only events of one of these types')
    .option('-g, --tag <name:value...>', 'only events with all of these tags')
    .option('-a, --after <position>', 'only events beyond this position (with --backwards: before it)', wholeNumber)
    .option('-n, --limit <count>', 'at most so many events (default: 50; with --tail or ndjson: all)', positiveInteger)
    .option('-b, --backwards', 'from the newest to the oldest')
    .option('-f, --tail', 'the last 10 (or those --after), then new ones until interrupted')
    .option('--format <format>', 'table or ndjson (default: table on a terminal, otherwise ndjson)')
    .action(showEvents);
  withExamples(command, [
    'events --backwards --limit 10',
    'events --tag member:ada --type CopyBorrowed CopyReturned',
    'events --tail',
    'events --format ndjson > events.ndjson',
    'events --postgres postgresql://shop@db/shop --application shop --tail',
    'events --postgres postgresql://shop@db/shop --application shop --modules payment',
  ]);
}

async function showEvents(options: EventsOptions, command: Command): Promise<void> {
  if (options.tail === true && options.backwards === true)
    throw new UsageError('--tail and --backwards exclude each other.');
  const format = options.format ?? (process.stdout.isTTY ? 'table' : 'ndjson');
  if (format !== 'table' && format !== 'ndjson') throw new UsageError(`--format is table or ndjson, not ${format}.`);
  const reader = await openReader(options, isSaid(command));
  try {
    const all = options.tail === true || format === 'ndjson';
    const limit = options.limit ?? (all ? Number.POSITIVE_INFINITY : 50);
    await show(reader, options, limit, format === 'table' ? eventTable(process.stdout.columns) : eventLine);
  } finally {
    await reader.close();
  }
}

/** Says whether an option is on the command line: what the environment says is about the process that is started in it. */
function isSaid(command: Command): (option: string) => boolean {
  return (option) => command.getOptionValueSource(option) === 'cli';
}

/** A folder has one log; a database has one for each application, and for each service of one. */
async function openReader(options: EventsOptions, isOnCommandLine: (option: string) => boolean): Promise<LogReader> {
  const { data, postgres, application } = options;
  if (postgres === undefined) {
    const wrong = ['application', 'modules', 'name'].find(isOnCommandLine);
    if (wrong === undefined) return openSqliteLogReader(dataFiles(data).log);
    throw new UsageError(`--${wrong} says whose log in a database it is, and needs --postgres.`);
  }
  // An application on the command line is all of the name, unless its service is said there, too.
  const isAllOfIt = application !== undefined && !isOnCommandLine('modules') && !isOnCommandLine('name');
  const service: HostedOptions = isAllOfIt ? {} : options;
  if (application !== undefined || service.name !== undefined) {
    return existingLog(postgres, hostedName(application ?? '', service));
  }
  throw new UsageError(
    'A database has a log for each application: say whose it is, by the name that the module gives it, as in --application shop.',
  );
}

async function show(
  reader: LogReader,
  options: EventsOptions,
  limit: number,
  format: (events: readonly RecordedEvent[], isFirst: boolean) => string,
): Promise<void> {
  const query = queryOf(options);
  const { backwards = false } = options;
  let after = options.after;
  let left = limit;
  let isFirst = true;
  if (options.tail === true && after === undefined) {
    const newest = await reader.read(query, { limit: Math.min(left, tailEvents), backwards: true });
    const first = newest.at(-1);
    if (first !== undefined) after = first.position - 1;
  }
  while (left > 0) {
    const page = { limit: Math.min(left, pageSize), backwards, ...(after === undefined ? {} : { after }) };
    const events = await reader.read(query, page);
    if (events.length > 0) {
      await print(format(events, isFirst));
      isFirst = false;
      left -= events.length;
      after = events.at(-1)!.position;
    } else if (options.tail === true) {
      await pause(tailIntervalMs);
    } else break;
  }
  if (isFirst) process.stderr.write('No events match.\n');
}

function queryOf({ type = [], tag = [] }: EventsOptions): LogQuery {
  for (const one of tag) {
    if (!/^[^:]+:/.test(one)) throw new UsageError(`--tag takes name:value, as in member:ada, not ${one}.`);
  }
  return type.length + tag.length === 0 ? { items: [] } : { items: [{ types: type, tags: tag }] };
}

/** Prints, and waits while whoever reads is slower. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
}
