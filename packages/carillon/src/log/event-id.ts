import { randomBytes, randomInt } from 'node:crypto';

/** What was drawn when a log was made. */
export interface LogSeeds {
  readonly idSeed: string;
  readonly hashSeed: number;
}

/** The positions of one log that fit into its ids: more events than a SQLite file can hold. */
const positionDigits = 10;

/** Draws what tells a new log from others: eight hexadecimal digits for its ids, a whole number of 32 bits for its hashes. */
export function newLogSeeds(): LogSeeds {
  return { idSeed: randomBytes(4).toString('hex'), hashSeed: randomInt(2 ** 32) };
}

/**
 * Makes the ids that a log gives its events: UUIDs of version 7 (RFC 9562) from the time, the log's seed and the
 * event's position. They need not be stored, because the three are, and they are cheap: no randomness is drawn and the
 * part that events of one millisecond share is written once.
 */
export function eventIds(seed: string): (recordedAtMs: number, position: number) => string {
  const middle = `-7${seed.slice(0, 3)}-8${seed.slice(3, 6)}-${seed.slice(6, 8)}`;
  let prefixMs = Number.NaN;
  let prefix = '';
  return (recordedAtMs, position) => {
    if (recordedAtMs !== prefixMs) {
      const time = Math.max(0, recordedAtMs).toString(16).padStart(12, '0');
      prefix = `${time.slice(0, 8)}-${time.slice(8)}${middle}`;
      prefixMs = recordedAtMs;
    }
    return prefix + position.toString(16).padStart(positionDigits, '0');
  };
}

/** The same in SQL, for people who look into the file: an expression over `recorded_at` and `position`. */
export function eventIdSql(seed: string): string {
  return (
    `printf('%08x-%04x-7${seed.slice(0, 3)}-8${seed.slice(3, 6)}-${seed.slice(6, 8)}%0${positionDigits}x', ` +
    'recorded_at >> 16, recorded_at & 65535, position)'
  );
}
