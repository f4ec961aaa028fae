import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';

/** What the host was told. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  /** Where the examples keep their data, each in a folder of its own. */
  readonly dataFolder: string;
  /** A CSV file of books to load into the library. */
  readonly books: string | undefined;
  /** Where the PostgreSQL is that keeps everything; `embedded` for one of its own in the data folder; undefined for SQLite. */
  readonly postgres: string | undefined;
}

/** Something the host was told makes no sense. The message says what. */
export class SettingsError extends Error {}

const defaultDataFolder = fileURLToPath(new URL('../../../data', import.meta.url));

/**
 * Reads the command line and the environment.
 *
 * @throws SettingsError
 * @throws CommanderError when the command line makes no sense, or asked for help; it has been written out then
 */
export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const program = new Command('npm start --')
    .description('Serves the Carillon examples, each under its name, from one process.')
    .option(
      '--books <file>',
      'load a CSV file of books (columns of goodbooks-10k) into the library; a new library then has these books only',
    )
    .option(
      '--postgres [url]',
      'keep everything in PostgreSQL: in yours, or, without a URL, in one that is started for it in the data folder',
    )
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `
Environment:
  PORT           the port to listen on (default 3000; 0 for any that is free)
  HOST           the address to bind to (default 127.0.0.1)
  CARILLON_DATA  the folder for the data, one folder in it for each example (default ./data in the checkout)`,
    )
    .exitOverride();
  program.parse(args, { from: 'user' });
  const { books, postgres } = program.opts<{ books?: string; postgres?: string | true }>();
  return {
    port: readPort(env['PORT'] ?? ''),
    host: readHost(env['HOST'] || '127.0.0.1'),
    dataFolder: resolve(env['CARILLON_DATA'] || defaultDataFolder),
    books: books === undefined ? undefined : checkFile(books),
    postgres: postgres === true ? 'embedded' : postgres === undefined ? undefined : checkUrl(postgres),
  };
}

function checkFile(file: string): string {
  try {
    if (statSync(file).isFile()) return file;
  } catch (error) {
    throw new SettingsError(`--books: ${file} cannot be read: ${(error as Error).message}`);
  }
  throw new SettingsError(`--books: ${file} is no file.`);
}

function checkUrl(url: string): string {
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new SettingsError('--postgres takes a URL such as postgresql://user:password@host:5432/database, or none.');
}

/** The examples ask nobody who he is, and are for this machine only. */
function readHost(text: string): string {
  if (/^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(text)) return text;
  throw new SettingsError(
    `HOST names the address, and ${text} is open to others: the examples let anyone in. Use 127.0.0.1, ::1 or localhost.`,
  );
}

function readPort(text: string): number {
  if (text === '') return 3_000;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new SettingsError(`PORT is "${text}", which is no port: give a number from 0 to 65535.`);
}
