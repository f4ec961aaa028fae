import { execFileSync } from 'node:child_process';
import { CarillonError } from 'carillon';

/** As whom a program is run. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/**
 * As whom PostgreSQL is run: it refuses to be run by root, so that there another user lends his name. Undefined for
 * everybody else, who run it themselves.
 *
 * @throws CarillonError `embedded-postgres-user` when root finds nobody
 */
export function runPostgresAs(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      // There is no such user: the next one.
    }
  }
  throw new CarillonError(
    'embedded-postgres-user',
    'PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody. Run this as another user.',
  );
}

function idOf(which: '-u' | '-g', name: string): number {
  return Number(execFileSync('id', [which, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}
