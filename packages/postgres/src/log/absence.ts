import type { LogQuery } from 'carillon/adapters';
import type pg from 'pg';
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
  #waiting: Question[] = [];
  #isAsking = false;

  constructor(pool: Pick<pg.Pool, 'query'>, schema: string) {
    this.#pool = pool;
    this.#schema = schema;
  }

  /** Whether the index may have something for a query; when not, it certainly has not. */
  mayHave({ items }: LogQuery): Promise<boolean> {
    if (items.length === 0) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ sought: items.map(soughtBy), resolve, reject });
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
        const there = await this.#keysThere(questions);
        for (const { sought, resolve } of questions) resolve(sought.some((one) => isPossible(one, there)));
      } catch (error) {
        for (const { reject } of questions) reject(error);
      }
    }
    this.#isAsking = false;
  }

  async #keysThere(questions: readonly Question[]): Promise<ReadonlySet<string>> {
    const keys = [...new Set(questions.flatMap(({ sought }) => sought.flatMap((one) => one.keys)))];
    const { rows } = await this.#pool.query<{ key: string }>({
      name: 'keys-there',
      text: `SELECT wanted.key FROM unnest($1::text[]) AS wanted (key)
             WHERE EXISTS (SELECT FROM ${this.#schema}.postings WHERE postings.key = wanted.key)`,
      values: [keys],
    });
    return new Set(rows.map(({ key }) => key));
  }
}

function isPossible({ keys, needsAll }: Sought, there: ReadonlySet<string>): boolean {
  return needsAll ? keys.every((key) => there.has(key)) : keys.some((key) => there.has(key));
}
