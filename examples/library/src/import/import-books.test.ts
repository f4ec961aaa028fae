import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningApplication } from 'carillon/runtime';
import { testApplication } from 'carillon/testing';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SearchCatalogue } from '../catalogue/search.js';
import { TitleDetails } from '../catalogue/title-queries.js';
import { RemoveCopy } from '../circulation/collection.js';
import { library } from '../library.js';
import { type ImportProgress, importBooks, type SkippedRow } from './import-books.js';

const header = 'book_id,isbn,authors,original_publication_year,original_title,title,language_code,ratings_count';
const small = [
  '1,439023483,Suzanne Collins,2008.0,The Hunger Games,"The Hunger Games (The Hunger Games, #1)",eng,9',
  '2,43965548X,"J.K. Rowling, Mary GrandPré, Rufus Beck",1999.0,,Harry Potter and the Prisoner of Azkaban,en-GB,8',
  '1500,,"Homer, Robert Fagles",-720.0,Ὀδύσσεια,The Odyssey,,7',
  '9000,,Betty  Smith,,A Tree Grows in Brooklyn,A Tree Grows in Brooklyn,eng,6',
];

let folder: string;
let running: RunningApplication;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-import-'));
  running = await testApplication(library);
});
afterEach(async () => {
  await running.close();
  await rm(folder, { recursive: true });
});

async function csv(lines: readonly string[]): Promise<string> {
  const file = join(folder, 'books.csv');
  await writeFile(file, `\uFEFF${[header, ...lines].join('\r\n')}\r\n`);
  return file;
}
async function search(params: Parameters<typeof SearchCatalogue>[0]) {
  return (await running.query(SearchCatalogue(params), { after: await running.log.head(), timeoutMs: 60_000 })).result;
}
async function details(titleId: string) {
  return (await running.query(TitleDetails({ titleId }), { after: await running.log.head() })).result;
}

describe('importBooks', () => {
  it('adds titles and copies, more of what is asked for more', async () => {
    const progress: ImportProgress[] = [];
    const summary = await importBooks(running, await csv(small), { onProgress: (now) => progress.push(now) });
    expect(summary).toMatchObject({ books: 4, copies: 5 + 5 + 4 + 1, commands: 4 + 15, skippedRows: 0 });
    expect(progress.at(-1)).toMatchObject({ books: 4, commands: 19 });
    expect(await details('book-1')).toMatchObject({
      title: 'The Hunger Games (The Hunger Games, #1)',
      authors: ['Suzanne Collins'],
      year: 2008,
      language: 'eng',
      isbn: '0439023483',
    });
    expect(await details('book-1500')).toMatchObject({ year: -720, language: null, isbn: null, available: 4 });
    expect(await details('book-9000')).toMatchObject({ authors: ['Betty Smith'], year: null });
  });

  it('adds nothing when it is repeated, and what is missing when it is resumed', async () => {
    await importBooks(running, await csv(small.slice(0, 2)));
    const before = await running.log.head();
    await importBooks(running, await csv(small.slice(0, 2)));
    expect(await running.log.head()).toBe(before);
    await running.execute(RemoveCopy({ copyId: 'book-1-1' }));
    await importBooks(running, await csv(small));
    expect(await running.log.head()).toBe(before + 1 + (1 + 4) + (1 + 1));
    expect((await details('book-1'))?.copies).toHaveLength(4);
  });

  it('skips rows that are no books, and says which', async () => {
    const skipped: SkippedRow[] = [];
    const bad = ['x,,A,,,Title,,', '7,,A,,,,,', '8,,A,MMXX,,Title,,', '9,too few', `10,,A,,,${'t'.repeat(1_001)},,`];
    const file = await csv([small[0]!, ...bad, small[1]!]);
    const summary = await importBooks(running, file, { onSkip: (row) => skipped.push(row) });
    expect(summary).toMatchObject({ books: 2, skippedRows: 5 });
    const byLine = Object.fromEntries(skipped.map(({ line, reason }) => [line, reason]));
    expect(byLine).toMatchObject({
      3: 'book_id is "x", which is no number from 1',
      4: 'title is empty',
      5: 'original_publication_year is "MMXX", which is no year',
      6: expect.stringContaining('columns length is 8, got 2'),
      7: expect.stringContaining('/title'),
    });
  });

  it('refuses what is no file of books', async () => {
    const file = join(folder, 'other.csv');
    await writeFile(file, 'book_id,name\n1,x\n');
    await expect(importBooks(running, file)).rejects.toThrow(
      'does not name title, original_title, authors, original_publication_year, language_code, isbn',
    );
    await expect(importBooks(running, join(folder, 'none.csv'))).rejects.toThrow('ENOENT');
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const many = Array.from({ length: 500 }, (_, n) => `${n + 1},,Anonymous,1900.0,,Volume ${n + 1},eng,1`);
    const importing = importBooks(running, await csv(many), { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(importing).rejects.toThrow('aborted');
  });

  // The whole file is no part of the repository, and no part of its tests: who has a copy of goodbooks-10k's books.csv names it in
  // CARILLON_BOOKS, and has one test more.
  const realFile = process.env['CARILLON_BOOKS'];
  const ifNamed = realFile === undefined ? () => undefined : it;
  ifNamed('finds in 10,000 books what a plain script finds', async () => {
    const rows: Record<string, string>[] = parse(await readFile(realFile!), { bom: true, columns: true });
    const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    const words = (row: Record<string, string>) => fold(`${row['title']} ${row['authors']}`).match(/[\p{L}\p{N}]+/gu)!;
    const withWord = (test: (word: string) => boolean) => rows.filter((row) => words(row).some(test)).length;
    const copiesOf = (row: Record<string, string>) => {
      const rank = Number(row['book_id']);
      return rank <= 1_000 ? 5 : rank <= 3_000 ? 4 : rank <= 8_000 ? 2 : 1;
    };

    expect(await importBooks(running, realFile!)).toMatchObject({ books: 10_000, copies: 25_000, skippedRows: 0 });
    expect((await search({})).total).toBe(rows.length);
    expect((await search({ text: 'love' })).total).toBe(withWord((word) => word.startsWith('love')));
    const loveIn = rows.filter(
      (row) => words(row).includes('love') && words(row).some((word) => word.startsWith('in')),
    );
    expect((await search({ text: 'love in' })).total).toBe(loveIn.length);
    expect((await search({ text: 'garci' })).total).toBe(withWord((word) => word.startsWith('garci')));
    const byKing = rows.filter((row) => row['authors']!.split(', ').includes('Stephen King'));
    expect((await search({ author: 'Stephen King' })).total).toBe(byKing.length);
    const seen = new Map<string, number>();
    let after: string | undefined;
    do {
      const { items, next } = await search({ limit: 100, ...(after && { after }) });
      for (const { titleId, available, copies } of items) {
        expect(available).toBe(copies);
        seen.set(titleId, available);
      }
      after = next;
    } while (after !== undefined);
    expect(seen).toEqual(new Map(rows.map((row) => [`book-${row['book_id']}`, copiesOf(row)])));
  });
});
