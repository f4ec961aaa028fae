import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogOpenError } from '../log-errors.js';

interface Moved {
  /** Where the log goes on, for people. */
  readonly to: readonly string[];
  readonly at: string;
}

/** Notes down that the log of a folder goes on elsewhere: who started it here, too, would do again what is done there. */
export function markMoved(folder: string, to: string, at: Date): void {
  const before = movedFrom(folder)?.to ?? [];
  const moved: Moved = { to: [...new Set([...before, to])], at: at.toISOString() };
  writeFileSync(fileIn(folder), `${JSON.stringify(moved, null, 2)}\n`);
}

/** @throws LogOpenError when the log of the folder goes on elsewhere */
export function checkNotMoved(folder: string): void {
  const moved = movedFrom(folder);
  if (moved === undefined) return;
  throw new LogOpenError(
    `The log in ${folder} was taken along to ${moved.to.join(' and to ')} at ${moved.at}, and goes on there. What is started here would do ` +
      `again what is done there. To go on here all the same, delete ${fileIn(folder)}.`,
  );
}

function movedFrom(folder: string): Moved | undefined {
  const file = fileIn(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Moved) : undefined;
}

function fileIn(folder: string): string {
  return join(folder, 'moved.json');
}
