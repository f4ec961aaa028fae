import assert from 'node:assert/strict';
import type { QueryDatabase } from '../definitions/query-database.js';
import type { TableChanges } from '../read-database/read-database.js';
import type { ReadDatabaseCaseList, ReadDatabaseSides } from './read-database-case.js';
import { book, changesTo, sample } from './sample-read-model.js';

type Db = QueryDatabase<(typeof sample)['tables']>;

const library = [
  book('emma', 'Emma', ['Jane Austen'], 3),
  book('pride', 'Pride and Prejudice', ['Jane Austen'], 5),
  book('jane', 'Jane Eyre', ['Charlotte Brontë'], 2),
  book('solitude', 'Cien años de soledad', ['Gabriel García Márquez'], 1),
  book('crime', 'Преступление и наказание', ['Фёдор Достоевский'], 0),
  book('faust', 'Faust. Der Tragödie erster Teil', ['Johann Wolfgang von Goethe'], 4),
  book('nineteen', '1984', ['George Orwell'], 7),
  book('empty', '', [], 0),
];

async function write({ writer }: ReadDatabaseSides, ...changes: TableChanges[]): Promise<void> {
  const { position } = await writer.prepare(sample);
  await writer.advance(sample, position, position + 1, (transaction) => transaction.write(changes));
}

function ask<T>({ reader }: ReadDatabaseSides, work: (db: Db) => Promise<T>): Promise<T> {
  return reader.snapshot(sample, work as (db: QueryDatabase<any>) => Promise<T>).then(({ result }) => result);
}

/** What a text finds, in the order of the keys. */
async function finds(sides: ReadDatabaseSides, text: string): Promise<string[]> {
  const rows = await ask(sides, (db) => db.search('books', text).select('books.id').orderBy('books.id').execute());
  return rows.map(({ id }) => id);
}

/** What a text finds, the best first. */
async function ranks(sides: ReadDatabaseSides, text: string): Promise<string[]> {
  const rows = await ask(sides, (db) =>
    db
      .search('books', text)
      .select(['books.id', 'relevance'])
      .orderBy('relevance', 'desc')
      .orderBy('books.id')
      .execute(),
  );
  assert.ok(rows.every(({ relevance }) => typeof relevance === 'number' && relevance > 0));
  return rows.map(({ id }) => id);
}

async function fill(sides: ReadDatabaseSides): Promise<void> {
  await write(sides, changesTo('books', { inserts: library }));
}

export const searchCases: ReadDatabaseCaseList = [
  [
    'every word must occur, in whichever column, in any case and order',
    async (sides) => {
      await fill(sides);
      assert.deepEqual(await finds(sides, 'austen'), ['emma', 'pride']);
      assert.deepEqual(await finds(sides, 'AUSTEN emma'), ['emma']);
      assert.deepEqual(await finds(sides, 'prejudice pride jane'), ['pride']);
      assert.deepEqual(await finds(sides, 'austen orwell'), []);
      assert.deepEqual(await finds(sides, '1984'), ['nineteen']);
    },
  ],
  [
    'the last word may be unfinished, the others not',
    async (sides) => {
      await fill(sides);
      assert.deepEqual(await finds(sides, 'j'), ['emma', 'faust', 'jane', 'pride']);
      assert.deepEqual(await finds(sides, 'jane au'), ['emma', 'pride']);
      assert.deepEqual(await finds(sides, 'aus jane'), []);
      assert.deepEqual(await finds(sides, 'prejud'), ['pride']);
    },
  ],
  [
    'diacritics do not matter, in what is searched and in what is written',
    async (sides) => {
      await fill(sides);
      for (const text of ['garcia', 'García', 'GARCIA MARQUEZ', 'gárcia', 'anos', 'an\u0303os']) {
        assert.deepEqual(await finds(sides, text), ['solitude'], text);
      }
      assert.deepEqual(await finds(sides, 'bronte'), ['jane']);
      assert.deepEqual(await finds(sides, 'ТРАГ'), []);
      assert.deepEqual(await finds(sides, 'ПРЕСТУПЛЕНИЕ'), ['crime']);
      assert.deepEqual(await finds(sides, 'tragodie'), ['faust']);
    },
  ],
  [
    'columns of more weight rank higher',
    async (sides) => {
      await write(
        sides,
        changesTo('books', { inserts: [book('by', 'Something', ['Ann Emma']), book('on', 'Emma Else', ['X'])] }),
      );
      assert.deepEqual(await ranks(sides, 'emma'), ['on', 'by']);
    },
  ],
  [
    'a text without words finds every row, with relevance 0',
    async (sides) => {
      await fill(sides);
      for (const text of ['', '   ', '"*^()-+:', '\u0000', '😀']) {
        const rows = await ask(sides, (db) =>
          db.search('books', text).select(['id', 'relevance']).orderBy('id').execute(),
        );
        assert.deepEqual(
          rows,
          library.map(({ id }) => ({ id, relevance: 0 })).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)),
        );
      }
    },
  ],
  [
    'a search can be filtered, ordered, paged, grouped and counted, and shows the declared columns',
    async (sides) => {
      await fill(sides);
      const rows = await ask(sides, (db) =>
        db
          .search('books', 'austen')
          .selectAll('books')
          .where('copies', '>', 3)
          .orderBy('ranking.relevance', 'desc')
          .limit(5)
          .execute(),
      );
      const pride = { id: 'pride', title: 'Pride and Prejudice', authors: ['Jane Austen'], rank: null, copies: 5 };
      assert.deepEqual(rows, [pride]);
      const [all] = await ask(sides, (db) => db.search('books', 'emma').selectAll().execute());
      assert.deepEqual(Object.keys(all!).sort(), ['authors', 'copies', 'id', 'rank', 'relevance', 'title']);
      const facets = await ask(sides, (db) =>
        db
          .search('books', 'j')
          .select((eb) => ['authors', eb.fn.countAll<number>().as('titles')])
          .groupBy('authors')
          .orderBy('titles', 'desc')
          .limit(1)
          .execute(),
      );
      assert.deepEqual(facets, [{ authors: ['Jane Austen'], titles: 2 }]);
      const [count] = await ask(sides, (db) =>
        db
          .search('books', 'j')
          .select((eb) => eb.fn.countAll<number>().as('total'))
          .execute(),
      );
      assert.equal(count!.total, 4);
    },
  ],
  [
    'the index follows inserts, updates, upserts and deletes, and not what does not concern it',
    async (sides) => {
      await fill(sides);
      const updates = [
        { columns: ['title'], rows: [book('emma', 'Persuasion', ['Jane Austen'])] },
        { columns: ['copies'], rows: [book('pride', 'ignored', ['ignored'], 9)] },
      ];
      const upserts = [
        book('jane', 'Villette', ['Charlotte Brontë']),
        book('new', 'Northanger Abbey', ['Jane Austen']),
      ];
      await write(sides, changesTo('books', { updates, upserts, deletes: [['nineteen']] }));
      assert.deepEqual(await finds(sides, 'emma'), []);
      assert.deepEqual(await finds(sides, 'persuasion'), ['emma']);
      assert.deepEqual(await finds(sides, 'austen'), ['emma', 'new', 'pride']);
      assert.deepEqual(await finds(sides, 'eyre'), []);
      assert.deepEqual(await finds(sides, 'villette bronte'), ['jane']);
      assert.deepEqual(await finds(sides, 'orwell'), []);
      assert.deepEqual(await finds(sides, 'ignored'), []);
      await write(sides, changesTo('books', { inserts: [book('nineteen', 'Animal Farm', ['George Orwell'])] }));
      assert.deepEqual(await finds(sides, 'orwell'), ['nineteen']);
      await sides.writer.reset(sample);
      assert.deepEqual(await finds(sides, 'austen'), []);
    },
  ],
  [
    'tables whose key is a number can be searched',
    async (sides) => {
      const rows = [1, 2, 40].map((rowid) => ({ rowid, text: `Note number ${rowid}` }));
      await write(sides, changesTo('notes', { inserts: rows }));
      await write(
        sides,
        changesTo('notes', { deletes: [[2]], updates: [{ columns: ['text'], rows: [{ rowid: 1, text: 'Gone' }] }] }),
      );
      const found = (text: string) => ask(sides, (db) => db.search('notes', text).selectAll('notes').execute());
      assert.deepEqual(await found('note'), [rows[2]]);
      assert.deepEqual(await found('gone'), [{ rowid: 1, text: 'Gone' }]);
    },
  ],
  [
    'hostile texts find what their words find, and cost little',
    async (sides) => {
      await fill(sides);
      const hostile: [string, string[]][] = [
        ['emma"', ['emma']],
        ['"emma" OR "orwell"', []],
        ['emma*', ['emma']],
        ['title:emma', []],
        ['c0:emma', []],
        ['NEAR(emma jane)', []],
        ['em\u0000ma', []],
        ["emma'; DROP TABLE books; --", []],
        ['-emma', ['emma']],
        ['{emma}', ['emma']],
        ['^emma', ['emma']],
        ['emma \uD800', ['emma']],
        ['emma '.repeat(20_000), ['emma']],
        ['x'.repeat(100_000), []],
        ['"'.repeat(100_000), library.map(({ id }) => String(id)).sort()],
        [Array.from({ length: 20_000 }, (_, i) => `w${i}`).join(' '), []],
      ];
      for (const [text, expected] of hostile) assert.deepEqual(await finds(sides, text), expected, text.slice(0, 50));
      assert.deepEqual(await finds(sides, 'emma'), ['emma']);
    },
  ],
  [
    'a mistyped word that occurs nowhere finds the nearest that do',
    async (sides) => {
      await fill(sides);
      if (sides.features.typoTolerance !== true) {
        assert.deepEqual(await finds(sides, 'prejudise'), []);
        return;
      }
      assert.deepEqual(await finds(sides, 'prejudise'), ['pride']);
      assert.deepEqual(await finds(sides, 'asuten'), ['emma', 'pride']);
      assert.deepEqual(await finds(sides, 'jane austin'), ['emma', 'pride']);
      assert.deepEqual(await finds(sides, 'garzia'), ['solitude']);
      assert.deepEqual(await finds(sides, 'dostoevsky'), []);
      assert.deepEqual(await finds(sides, 'zzzzzz'), []);
      assert.deepEqual(await finds(sides, 'emm'), ['emma']);
      assert.deepEqual(await finds(sides, 'ema'), []);
    },
  ],
];
