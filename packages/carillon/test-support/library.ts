import * as v from 'valibot';
import { z } from 'zod';
import { application } from '../src/definitions/application.js';
import { integer, text } from '../src/definitions/column.js';
import { command } from '../src/definitions/command.js';
import { event } from '../src/definitions/event.js';
import { module } from '../src/definitions/module.js';
import { query } from '../src/definitions/query.js';
import { readModel } from '../src/definitions/read-model.js';
import { state } from '../src/definitions/state.js';
import { table } from '../src/definitions/table.js';

/** A small library: what the tests of HTTP and its client serve. */
export const CopyAdded = event('CopyAdded', {
  data: z.object({ copyId: z.string(), titleId: z.string() }),
  tags: (e) => ({ copy: e.copyId, title: e.titleId }),
});

export const CopyBorrowed = event('CopyBorrowed', {
  data: z.object({ copyId: z.string(), titleId: z.string(), memberId: z.string() }),
  tags: (e) => ({ copy: e.copyId, title: e.titleId, member: e.memberId }),
});

const copy = state('copy', {
  initial: { status: 'unknown', titleId: '' } as { status: 'unknown' | 'in' | 'out'; titleId: string },
})
  .on(CopyAdded, (_, e) => ({ status: 'in', titleId: e.titleId }))
  .on(CopyBorrowed, (known) => ({ ...known, status: 'out' }));

export const AddCopy = command('AddCopy', {
  description: 'Puts a copy of a title on the shelf.',
  data: z.object({
    copyId: z.string().min(1),
    titleId: z.string().min(1),
    notes: z.array(z.object({ page: z.int(), text: z.string() })).optional(),
  }),
  reads: (c) => ({ copy: copy(c.copyId) }),
  decide: ({ data, copy }) =>
    copy.status === 'unknown' ? CopyAdded({ copyId: data.copyId, titleId: data.titleId }) : undefined,
});

export const BorrowCopy = command('BorrowCopy', {
  data: z.object({ copyId: z.string(), memberId: z.string() }),
  reads: (c) => ({ copy: copy(c.copyId) }),
  rejections: { UnknownCopy: 'No such copy', AlreadyOut: 'The copy is on loan' },
  authorize: (actor) => actor?.id !== 'banned',
  decide: ({ data, copy, reject }) =>
    copy.status === 'unknown'
      ? reject('UnknownCopy')
      : copy.status === 'out'
        ? reject('AlreadyOut', { copyId: data.copyId })
        : CopyBorrowed({ ...data, titleId: copy.titleId }),
});

/** Fails as broken code does. */
export const Explode = command('Explode', {
  data: v.object({ secret: v.string() }),
  decide: ({ data }) => {
    throw new Error(`SELECT * FROM secrets -- ${data.secret} at /srv/app/decide.js`);
  },
});

const titles = table({
  columns: { titleId: text(), copies: integer(), available: integer() },
  key: 'titleId',
});

export const catalogue = readModel('catalogue', { tables: { titles } })
  .on(CopyAdded, (e, db) =>
    db.titles.update(e.titleId, (t) => ({ copies: t.copies + 1, available: t.available + 1 }), {
      titleId: e.titleId,
      copies: 1,
      available: 1,
    }),
  )
  .on(CopyBorrowed, (e, db) => db.titles.update(e.titleId, (t) => ({ available: t.available - 1 })));

const AvailabilityResult = z.object({ titleId: z.string(), copies: z.int(), available: z.int() }).nullable();

export const Availability = query('Availability', {
  description: 'How many copies of a title there are, and how many are on the shelf.',
  params: z.strictObject({ titleId: z.string().min(1) }),
  from: catalogue,
  result: AvailabilityResult,
  run: async (db, p) =>
    (await db.selectFrom('titles').selectAll().where('titleId', '=', p.titleId).executeTakeFirst()) ?? null,
});

export const ListTitles = query('ListTitles', {
  params: z.object({
    limit: z.int().min(1).max(100).default(10),
    only: z.array(z.string()).optional(),
    inStock: z.boolean().optional(),
  }),
  from: catalogue,
  authorize: (actor) => actor?.id !== 'banned',
  run: (db, p) => {
    let found = db.selectFrom('titles').select(['titleId', 'available']).orderBy('titleId').limit(p.limit);
    if (p.only !== undefined) found = found.where('titleId', 'in', p.only);
    if (p.inStock === true) found = found.where('available', '>', 0);
    return found;
  },
});

export const Shelf = query('Shelf', {
  params: v.object({ unused: v.optional(v.string()) }),
  from: catalogue,
  run: (db) => db.selectFrom('titles').select('titleId').orderBy('titleId'),
});

const circulation = module('circulation', {
  description: 'Lending.',
  publishes: [CopyAdded, CopyBorrowed],
  commands: [AddCopy, BorrowCopy, Explode],
});

export const library = application('library', {
  description: 'A small library.',
  modules: [
    circulation,
    module('catalogue', {
      consumes: [CopyAdded, CopyBorrowed],
      readModels: [catalogue],
      queries: [Availability, ListTitles, Shelf],
    }),
  ],
});
