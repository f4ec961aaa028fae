// What happens at the lending desk. Other modules know these events, and nothing else of circulation.
import { event } from 'carillon';
import { z } from 'zod';

/** Kinds of item: how long they may be kept depends on it. */
export const itemKind = z.enum(['book', 'audiobook', 'magazine']);
/** Kinds of member: how much they may have at once depends on it. */
export const memberKind = z.enum(['adult', 'child', 'staff']);

export const TitleAdded = event('TitleAdded', {
  data: z.object({
    titleId: z.string(),
    title: z.string(),
    authors: z.array(z.string()),
    /** Of the first publication; negative before our era. */
    year: z.int().optional(),
    language: z.string().optional(),
    isbn: z.string().optional(),
  }),
  tags: (e) => ({ title: e.titleId }),
});

export const CopyAdded = event('CopyAdded', {
  data: z.object({ copyId: z.string(), titleId: z.string(), kind: itemKind }),
  tags: (e) => ({ copy: e.copyId, title: e.titleId }),
});

export const CopyRemoved = event('CopyRemoved', {
  data: z.object({ copyId: z.string(), titleId: z.string() }),
  tags: (e) => ({ copy: e.copyId, title: e.titleId }),
});

export const MemberRegistered = event('MemberRegistered', {
  data: z.object({ memberId: z.string(), name: z.string(), kind: memberKind }),
  tags: (e) => ({ member: e.memberId }),
});

export const CopyBorrowed = event('CopyBorrowed', {
  data: z.object({ copyId: z.string(), titleId: z.string(), memberId: z.string(), dueOn: z.iso.date() }),
  tags: (e) => ({ copy: e.copyId, title: e.titleId, member: e.memberId }),
});

export const LoanRenewed = event('LoanRenewed', {
  data: z.object({ copyId: z.string(), titleId: z.string(), memberId: z.string(), dueOn: z.iso.date() }),
  tags: (e) => ({ copy: e.copyId, title: e.titleId, member: e.memberId }),
});

export const CopyReturned = event('CopyReturned', {
  description: 'The copy is back on the shelf, until CopyHeld says otherwise.',
  data: z.object({ copyId: z.string(), titleId: z.string(), memberId: z.string() }),
  tags: (e) => ({ copy: e.copyId, title: e.titleId, member: e.memberId }),
});

export const TitleReserved = event('TitleReserved', {
  data: z.object({ titleId: z.string(), memberId: z.string() }),
  tags: (e) => ({ title: e.titleId, member: e.memberId }),
});

export const CopyHeld = event('CopyHeld', {
  description: 'The copy is kept off the shelf for the member who reserved its title.',
  data: z.object({ copyId: z.string(), titleId: z.string(), memberId: z.string() }),
  tags: (e) => ({ copy: e.copyId, title: e.titleId, member: e.memberId }),
});

export const ReservationCancelled = event('ReservationCancelled', {
  description: 'A copy that was held for the member is back on the shelf, until CopyHeld says otherwise.',
  data: z.object({ titleId: z.string(), memberId: z.string(), heldCopyId: z.string().optional() }),
  tags: (e) => ({ title: e.titleId, member: e.memberId, copy: e.heldCopyId }),
});

export const ReservationFulfilled = event('ReservationFulfilled', {
  description: 'The member came: the copy that was held is back on the shelf. CopyBorrowed follows, of it or another.',
  data: z.object({ titleId: z.string(), memberId: z.string(), heldCopyId: z.string() }),
  tags: (e) => ({ title: e.titleId, member: e.memberId, copy: e.heldCopyId }),
});

/** What other modules may know: all of them. */
export const published = [
  TitleAdded,
  CopyAdded,
  CopyRemoved,
  MemberRegistered,
  CopyBorrowed,
  LoanRenewed,
  CopyReturned,
  TitleReserved,
  CopyHeld,
  ReservationCancelled,
  ReservationFulfilled,
];
