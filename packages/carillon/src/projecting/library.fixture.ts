import { z } from 'zod';
import type { NewEvent } from '../definitions/event.js';
import { application, boolean, event, integer, json, module, readModel, table, text } from '../index.js';

/** A lending library in small: what projections are tested with. Deterministic, so that every process makes the same events. */
export const TitleAdded = event('TitleAdded', {
  data: z.object({ titleId: z.string(), title: z.string(), authors: z.array(z.string()) }),
});
export const CopyAdded = event('CopyAdded', { data: z.object({ copyId: z.string(), titleId: z.string() }) });
export const CopyBorrowed = event('CopyBorrowed', {
  data: z.object({ copyId: z.string(), titleId: z.string(), memberId: z.string() }),
});
export const CopyReturned = event('CopyReturned', { data: z.object({ copyId: z.string(), titleId: z.string() }) });
export const TitleRenamed = event('TitleRenamed', { data: z.object({ titleId: z.string(), title: z.string() }) });

const titles = table({
  columns: {
    titleId: text(),
    title: text(),
    authors: json<string[]>(),
    copies: integer().default(0),
    available: integer().default(0),
    readers: json<string[]>().default([]),
  },
  key: 'titleId',
  indexes: ['available'],
  search: { title: 2, authors: 1 },
});
const copies = table({
  columns: { copyId: text(), titleId: text(), isOut: boolean() },
  key: 'copyId',
  indexes: ['titleId'],
});
const loans = table({ columns: { copyId: text(), memberId: text(), loans: integer() }, key: ['copyId', 'memberId'] });
const totals = table({ columns: { name: text(), count: integer() }, key: 'name' });

export const catalogue = readModel('catalogue', { tables: { titles, copies, loans } })
  .on(TitleAdded, (e, db) => db.titles.insert(e))
  .on(TitleRenamed, (e, db) => db.titles.update(e.titleId, { title: e.title }))
  .on(CopyAdded, (e, db) => {
    db.copies.insert({ ...e, isOut: false });
    db.titles.update(e.titleId, (t) => ({ copies: t.copies + 1, available: t.available + 1 }));
  })
  .on(CopyBorrowed, (e, db) => {
    db.copies.update(e.copyId, { isOut: true });
    db.titles.update(e.titleId, (t) => ({
      available: t.available - 1,
      readers: [e.memberId, ...t.readers].slice(0, 3),
    }));
    const { copyId, memberId } = e;
    db.loans.update({ copyId, memberId }, (l) => ({ loans: l.loans + 1 }), { copyId, memberId, loans: 1 });
  })
  .on(CopyReturned, (e, db) => {
    db.copies.update(e.copyId, { isOut: false });
    db.titles.update(e.titleId, (t) => ({ available: t.available + 1 }));
  });

/** Reads while it writes, so that its handlers are asynchronous. */
export const statistics = readModel('statistics', { tables: { totals } })
  .on(CopyBorrowed, async (e, db) => {
    const total = await db.totals.get('loans');
    db.totals.upsert({ name: 'loans', count: (total?.count ?? 0) + 1 });
    const [member] = await db.totals.find({ name: e.memberId });
    db.totals.upsert({ name: e.memberId, count: (member?.count ?? 0) + 1 });
  })
  .on(CopyReturned, (_, db) => db.totals.updateWhere({ name: 'loans' }, (t) => ({ count: t.count - 1 })));

export const library = application('library', {
  modules: [
    module('everything', {
      publishes: [TitleAdded, CopyAdded, CopyBorrowed, CopyReturned, TitleRenamed],
      readModels: [catalogue, statistics],
    }),
  ],
});

/** The first `count` events of a library's life, the same each time. */
export function libraryEvents(count: number): NewEvent[] {
  const events: NewEvent[] = [];
  const out = new Map<string, string>();
  let titleCount = 0;
  let copyCount = 0;
  for (let n = 0; events.length < count; n++) {
    const random = (n * 7_919 + 13) % 1_009;
    if (n % 10 === 0) {
      const titleId = `t${titleCount++}`;
      events.push(TitleAdded({ titleId, title: `Tïtle number ${titleId}`, authors: [`Author ${random}`] }));
    } else if (n % 10 < 3) {
      events.push(CopyAdded({ copyId: `c${copyCount++}`, titleId: `t${random % titleCount}` }));
    } else if (n % 97 === 0) {
      events.push(TitleRenamed({ titleId: `t${random % titleCount}`, title: `Renamed ${n}` }));
    } else if (copyCount > 0) {
      const copyId = `c${random % copyCount}`;
      const titleId = `t${(random * 31) % titleCount}`;
      const borrowed = out.get(copyId);
      if (borrowed === undefined) {
        events.push(CopyBorrowed({ copyId, titleId, memberId: `m${random % 50}` }));
        out.set(copyId, titleId);
      } else {
        events.push(CopyReturned({ copyId, titleId: borrowed }));
        out.delete(copyId);
      }
    }
  }
  return events;
}
