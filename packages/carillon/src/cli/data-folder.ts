import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from './usage-error.js';

/** Where the data is unless it is said otherwise: what the environment says, or `./data`. */
export function defaultFolder(): string {
  // Set to nothing is not set.
  return process.env['CARILLON_DATA'] || './data';
}

/** The files of an application in its data folder. */
export interface DataFiles {
  readonly folder: string;
  readonly log: string;
  readonly readDatabase: string;
}

/**
 * Finds the data of an application that was started before.
 *
 * @throws UsageError when there is none
 */
export function dataFiles(given: string): DataFiles {
  const folder = resolve(given);
  const log = join(folder, 'log.db');
  if (!existsSync(log)) {
    throw new UsageError(`There is no log in ${folder}. Name the application's folder with --data, or start it once.`);
  }
  return { folder, log, readDatabase: join(folder, 'read.db') };
}
