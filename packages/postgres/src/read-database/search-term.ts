import { comparedWords, foldWord, nearestWords, searchWords } from 'carillon/adapters';
import { quoted } from '../connection/schema-name.js';
import { arrayText } from './cells.js';
import type { NamedStatements } from './named-statements.js';
import { wordTable } from './table-ddl.js';

/** After every word: no character of a word is higher. */
const last = '\u{10FFFF}';

/** A text that is searched for, as a parameter of a select: which words it stands for is looked up when the select is executed. */
export class SearchTerm {
  readonly #words: readonly string[];
  readonly #table: string;

  constructor(schema: string, physical: string, text: string) {
    this.#words = searchWords(text).map(foldWord);
    this.#table = `${quoted(schema)}.${quoted(wordTable(physical))}`;
  }

  /** Without any word, it finds every row. */
  get hasWords(): boolean {
    return this.#words.length > 0;
  }

  /** The text as a tsquery: every word must occur; one that occurs nowhere stands for those that it was probably meant to be. */
  async query(statements: NamedStatements): Promise<string> {
    const unfinished = this.#words.length - 1;
    const upTo = this.#words.map((word, i) => (i === unfinished ? word + last : word));
    const { rows } = await statements.run(
      `SELECT EXISTS (SELECT FROM ${this.#table} WHERE word >= a AND word <= b) ` +
        'FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u(a, b, n) ORDER BY n',
      [arrayText(this.#words), arrayText(upTo)],
    );
    const parts: string[] = [];
    for (const [i, word] of this.#words.entries()) {
      const exact = i === unfinished ? `'${word}':*` : `'${word}'`;
      const nearest = rows[i]?.[0] === 't' ? [] : await this.#nearest(statements, word);
      parts.push(nearest.length === 0 ? exact : `(${nearest.map((near) => `'${near}'`).join(' | ')})`);
    }
    return parts.join(' & ');
  }

  async #nearest(statements: NamedStatements, word: string): Promise<readonly string[]> {
    const range = comparedWords(word);
    if (range === undefined) return [];
    const { rows } = await statements.run(
      `SELECT word FROM ${this.#table} WHERE word >= $1::text AND word < $2::text ORDER BY word LIMIT $3::bigint`,
      [range.from, range.to, String(range.limit)],
    );
    return nearestWords(
      word,
      rows.map(([found]) => found!),
    );
  }
}
