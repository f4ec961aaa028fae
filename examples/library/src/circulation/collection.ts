import { command } from 'carillon';
import { z } from 'zod';
import { CopyAdded, CopyHeld, CopyRemoved, itemKind, TitleAdded } from './events.js';
import { copy, nextWaiting, queue, titleExists } from './states.js';
import { id, text } from './typed.js';

const aYear = 'Use a whole year from -5000 to 9999';
const aLanguage = 'Use the code of a language, like en';

export const AddTitle = command('AddTitle', {
  description: 'Puts a title into the catalogue. Its copies come after.',
  data: z.object({
    titleId: id('Give the title an id'),
    title: text('Say what it is called', 1_000),
    authors: z.array(text('Say what the author is called', 200)).max(100, 'Name at most 100 authors'),
    year: z.int(aYear).min(-5_000, aYear).max(9_999, aYear).optional(),
    language: z.string().min(2, aLanguage).max(35, aLanguage).optional(),
    isbn: text('Leave it out, or say what is printed in the book', 20).optional(),
  }),
  reads: (c) => ({ exists: titleExists(c.titleId) }),
  rejections: { TitleExists: 'There is a title with that id already' },
  decide: ({ data, exists, reject }) => (exists ? reject('TitleExists') : TitleAdded(data)),
});

export const AddCopy = command('AddCopy', {
  description: 'Puts a copy of a title on the shelf, or aside for whoever waits for it.',
  data: z.object({
    copyId: id('Give the copy an id'),
    titleId: id('Say of which title it is a copy'),
    kind: itemKind.default('book'),
  }),
  reads: (c) => ({ copy: copy(c.copyId), titleExists: titleExists(c.titleId), queue: queue(c.titleId) }),
  rejections: {
    UnknownTitle: 'There is no such title',
    CopyExists: 'There is or was a copy with that id',
  },
  decide: ({ data, copy, titleExists, queue, reject }) => {
    if (!titleExists) return reject('UnknownTitle');
    if (copy.status !== 'unknown') return reject('CopyExists');
    const next = nextWaiting(queue);
    if (next === undefined) return CopyAdded(data);
    return [CopyAdded(data), CopyHeld({ copyId: data.copyId, titleId: data.titleId, memberId: next.memberId })];
  },
});

export const RemoveCopy = command('RemoveCopy', {
  description: 'Takes a copy out of the collection for good.',
  data: z.object({ copyId: id('Say which copy goes') }),
  reads: (c) => ({ copy: copy(c.copyId) }),
  rejections: {
    UnknownCopy: 'There is no such copy',
    OnLoan: 'The copy is on loan: take it back first',
    Held: 'The copy is held for a reader',
  },
  decide: ({ data, copy, reject }) => {
    if (copy.status === 'unknown' || copy.status === 'removed') return reject('UnknownCopy');
    if (copy.status === 'out') return reject('OnLoan');
    if (copy.status === 'held') return reject('Held');
    return CopyRemoved({ copyId: data.copyId, titleId: copy.titleId });
  },
});
