import type { EventCodec, LogQuery } from 'carillon/adapters';
import type pg from 'pg';
import { statementName } from '../connection/schema-name.js';
import { type Sought, soughtBy } from './sought.js';

interface Question {
  readonly sought: readonly Sought[];
  readonly resolve: (mayBe: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Says of queries that the index has nothing for them, many at a time in one round trip. What is to be there once (a step of a
 * process, a command that carries an id, an entity that is new) is asked for all the time, and is hardly ever there.
 */
export class Absence {
  readonly #pool: Pick<pg.Pool, 'query'>;
  readonly #schema: string;
  readonly #hash: EventCodec['hash'];
  #waiting: Question[] = [];
  #isAsking = false;

  constructor(pool: Pick<pg.Pool, 'query'>, schema: string, hash: EventCodec['hash']) {
    this.#pool = pool;
    this.#schema = schema;
    this.#hash = hash;
  }

  /** Whether the index may have something for a query; when not, it certainly has not. */
  mayHave({ items }: LogQuery): Promise<boolean> {
    if (items.length === 0) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ sought: items.map((item) => soughtBy(item, this.#hash)), resolve, reject });
      if (this.#isAsking) return;
      this.#isAsking = true;
      // All who ask in this turn are answered together; who asks meanwhile, with the next.
      setImmediate(() => void this.#answer());
    });
  }

  async #answer(): Promise<void> {
    while (this.#waiting.length > 0) {
      const questions = this.#waiting;
      this.#waiting = [];
      try {
        const there = await this.#hashesThere(questions);
        for (const { sought, resolve } of questions) resolve(sought.some((one) => isPossible(one, there)));
      } catch (error) {
        for (const { reject } of questions) reject(error);
      }
    }
    this.#isAsking = false;
  }

  async #hashesThere(questions: readonly Question[]): Promise<ReadonlySet<number>> {
    const hashes = [...new Set(questions.flatMap(({ sought }) => sought.flatMap((one) => one.hashes)))];
    const { rows } = await this.#pool.query<{ hash: number }>({
      name: statementName('hashes-there', this.#schema),
      text: `SELECT wanted.hash FROM unnest($1::integer[]) AS wanted (hash)
             WHERE EXISTS (SELECT FROM ${this.#schema}.postings WHERE postings.hash = wanted.hash)`,
      values: [hashes],
    });
    return new Set(rows.map(({ hash }) => hash));
  }
}

function isPossible({ hashes, needsAll }: Sought, there: ReadonlySet<number>): boolean {
  return needsAll ? hashes.every((hash) => there.has(hash)) : hashes.some((hash) => there.has(hash));
}
