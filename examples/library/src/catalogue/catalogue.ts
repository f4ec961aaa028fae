import { integer, json, readModel, table, text } from 'carillon';
import {
  CopyAdded,
  CopyBorrowed,
  CopyHeld,
  CopyRemoved,
  CopyReturned,
  LoanRenewed,
  ReservationCancelled,
  ReservationFulfilled,
  TitleAdded,
  TitleReserved,
} from '../circulation/events.js';
import { authorKey } from './author-key.js';

const titles = table({
  columns: {
    titleId: text(),
    title: text(),
    authors: json<string[]>(),
    year: integer().nullable(),
    language: text().nullable(),
    isbn: text().nullable(),
    /** The copies that were not removed. */
    copies: integer().default(0),
    /** Those of them on the shelf, neither lent nor held. */
    available: integer().default(0),
    /** The members who reserved the title and have not got a copy yet. */
    reserved: integer().default(0),
    /** How often it was borrowed, plus its copies: more are bought of what is asked for. */
    popularity: integer().default(0),
    /** The year to sort by: titles without one come last. */
    sortYear: integer(),
  },
  key: 'titleId',
  search: { title: 3, authors: 2 },
});

const titleAuthors = table({
  columns: { titleId: text(), author: text(), authorKey: text() },
  key: ['titleId', 'author'],
  indexes: ['authorKey'],
});

const copies = table({
  columns: {
    copyId: text(),
    titleId: text(),
    kind: text(),
    status: text<'in' | 'held' | 'out'>().default('in'),
    dueOn: text().nullable(),
  },
  key: 'copyId',
  indexes: ['titleId'],
});

/** Every title, and where its copies are. */
export const catalogue = readModel('catalogue', { tables: { titles, titleAuthors, copies } })
  .on(TitleAdded, (e, db) => {
    const { titleId, title, authors, year = null, language = null, isbn = null } = e;
    db.titles.insert({ titleId, title, authors, year, language, isbn, sortYear: year ?? -10_000 });
    for (const author of authors) db.titleAuthors.upsert({ titleId, author, authorKey: authorKey(author) });
  })
  .on(CopyAdded, (e, db) => {
    db.copies.insert(e);
    db.titles.update(e.titleId, (title) => ({
      copies: title.copies + 1,
      available: title.available + 1,
      popularity: title.popularity + 1,
    }));
  })
  .on(CopyRemoved, (e, db) => {
    db.copies.delete(e.copyId);
    db.titles.update(e.titleId, (title) => ({
      copies: title.copies - 1,
      available: title.available - 1,
      popularity: title.popularity - 1,
    }));
  })
  .on(CopyBorrowed, (e, db) => {
    db.copies.update(e.copyId, { status: 'out', dueOn: e.dueOn });
    db.titles.update(e.titleId, (title) => ({
      available: title.available - 1,
      popularity: title.popularity + 1,
    }));
  })
  .on(LoanRenewed, (e, db) => db.copies.update(e.copyId, { dueOn: e.dueOn }))
  .on(CopyReturned, (e, db) => {
    db.copies.update(e.copyId, { status: 'in', dueOn: null });
    db.titles.update(e.titleId, (title) => ({ available: title.available + 1 }));
  })
  .on(TitleReserved, (e, db) => db.titles.update(e.titleId, (title) => ({ reserved: title.reserved + 1 })))
  .on(CopyHeld, (e, db) => {
    db.copies.update(e.copyId, { status: 'held' });
    db.titles.update(e.titleId, (title) => ({ available: title.available - 1 }));
  })
  .on(ReservationCancelled, (e, db) => {
    db.titles.update(e.titleId, (title) => ({ reserved: title.reserved - 1 }));
    if (e.heldCopyId === undefined) return;
    db.copies.update(e.heldCopyId, { status: 'in' });
    db.titles.update(e.titleId, (title) => ({ available: title.available + 1 }));
  })
  .on(ReservationFulfilled, (e, db) => {
    db.copies.update(e.heldCopyId, { status: 'in' });
    db.titles.update(e.titleId, (title) => ({ reserved: title.reserved - 1, available: title.available + 1 }));
  });
