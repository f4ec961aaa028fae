import { type Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../definitions/clock.js';
import { CarillonError } from '../definitions/errors.js';
import type { Log } from '../log/log.js';
import { parseRoles, type Role } from '../runtime/roles.js';
import type { Storage } from '../runtime/storage.js';
import { UsageError } from './usage-error.js';

/** Where an application keeps its data when it is not a folder. */
export interface StorageOptions {
  readonly postgres?: string;
  readonly readPostgres?: string;
}

/** The package that knows PostgreSQL: not part of this one, so that nobody has to install its driver. */
const postgresPackage = '@carillon/postgres';

/** The options by which a command is told about a database. */
export function withStorageOptions(command: Command): Command {
  return command
    .addOption(postgresOption('keep the log and the read models in PostgreSQL instead'))
    .addOption(readPostgresOption('keep the read models in another one'));
}

/** The option by which a command is told about the database of the log. */
export function postgresOption(description: string): Option {
  return new Option('--postgres <url>', description).env('CARILLON_POSTGRES');
}

/** The option by which a command is told about the database of the read models. */
export function readPostgresOption(description: string): Option {
  return new Option('--read-postgres <url>', description).env('CARILLON_READ_POSTGRES');
}

/**
 * What is typed beats what the environment says: a folder that is typed is used, though variables name a database, and what this process
 * would do beside others on it.
 *
 * @throws UsageError when both are typed
 */
export function preferTyped(command: Command): void {
  const isTyped = (option: string) => command.getOptionValueSource(option) === 'cli';
  if (!isTyped('data')) return;
  if (isTyped('postgres')) {
    throw new UsageError('--data is a folder, and --postgres says that there is none: type one of them.');
  }
  for (const option of ['postgres', 'readPostgres', 'role']) {
    if (command.getOptionValueSource(option) === 'env') command.setOptionValue(option, undefined);
  }
}

/** Reads what `--role` is given. */
export function roles(text: string): readonly Role[] {
  try {
    return parseRoles(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/**
 * The database that was named, or undefined when none was.
 *
 * @throws UsageError when its package is not installed
 */
export async function storageOf({ postgres, readPostgres }: StorageOptions): Promise<Storage | undefined> {
  if (postgres === undefined) {
    if (readPostgres === undefined) return undefined;
    throw new UsageError('--read-postgres says where the read models are, and needs --postgres, where the log is.');
  }
  checkPostgresUrl('--postgres', postgres);
  if (readPostgres !== undefined) checkPostgresUrl('--read-postgres', readPostgres);
  const { postgresStorage } = await loadPostgres();
  return postgresStorage({ url: postgres, ...(readPostgres === undefined ? {} : { readUrl: readPostgres }) });
}

/** @throws UsageError when what an option was given is no URL of PostgreSQL. It is not repeated: it may hold a password. */
export function checkPostgresUrl(option: string, url: string): void {
  if (/^postgres(ql)?:\/\//.test(url)) return;
  throw new UsageError(`${option} takes a URL such as postgresql://user:password@host:5432/database.`);
}

/**
 * The log of an application that has run on the database before.
 *
 * @throws UsageError when its package is not installed
 * @throws LogOpenError when the database cannot be reached, or has no such log
 */
export async function existingLog(postgres: string, application: string): Promise<Log> {
  const storage = await storageOf({ postgres });
  return storage!.openLog(application, { clock: systemClock, mustExist: true });
}

/** What the command line uses of `@carillon/postgres`. */
export interface PostgresPackage {
  postgresStorage(options: { readonly url: string; readonly readUrl?: string }): Storage;
  copyLog(from: Pick<Log, 'read' | 'head'>, options: CopyOptions): Promise<number>;
  schemaName(application: string): string;
}

interface CopyOptions {
  readonly url: string;
  readonly schema: string;
  readonly onProgress: (copied: number, total: number) => void;
}

/** @throws CarillonError `package-missing` */
export async function loadPostgres(): Promise<PostgresPackage> {
  try {
    return (await import(postgresPackage)) as PostgresPackage;
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const message = `${postgresPackage} is not installed: npm install ${postgresPackage}`;
    throw new CarillonError('package-missing', message, { cause });
  }
}
