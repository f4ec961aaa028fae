import { once } from 'node:events';
import type { Command } from 'commander';
import type { RecordedEvent } from '../definitions/event.js';
import type { LogQuery } from '../log/log-query.js';
import { type LogReader, openSqliteLogReader } from '../log/sqlite/sqlite-log-reader.js';
import { dataFiles, defaultFolder } from './data-folder.js';
import { eventLine, eventTable } from './event-table.js';
import { withExamples } from './examples.js';
import { type HostedOptions, hostedName, withHostedOptions } from './hosted-options.js';
import { positiveInteger, wholeNumber } from './numbers.js';
import { shownEvents } from './shown-events.js';
import { existingLog, postgresOption } from './storage-options.js';
import { UsageError } from './usage-error.js';

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
  readonly internal: boolean;
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
    .option('--no-internal', "leave out Carillon's own events")
    .option('-b, --backwards', 'from the newest to the oldest')
    .option('-f, --tail', 'the last 10 (or those --after), then new ones until interrupted')
    .option('--format <format>', 'table or ndjson (default: table on a terminal, otherwise ndjson)')
    .action(showEvents);
  withExamples(command, [
    'events --backwards --limit 10',
    'events --tag member:ada --type CopyBorrowed CopyReturned',
    'events --tail --no-internal',
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
  const { after, backwards = false, tail = false, internal } = options;
  let isFirst = true;
  for await (const events of shownEvents(reader, {
    query: queryOf(options),
    after,
    limit,
    backwards,
    tail,
    internal,
  })) {
    await print(format(events, isFirst));
    isFirst = false;
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
