import { command } from 'carillon';
import { z } from 'zod';
import { CopyBorrowed, CopyHeld, CopyReturned, LoanRenewed, ReservationFulfilled } from './events.js';
import { loanDays, loanLimit } from './rules.js';
import { copy, member, nextWaiting, queue } from './states.js';
import { id } from './typed.js';

export const BorrowCopy = command('BorrowCopy', {
  description: 'Lends a copy to a member.',
  data: z.object({ copyId: id('Say which copy is lent'), memberId: id('Say who borrows it') }),
  reads: (c) => ({ copy: copy(c.copyId), member: member(c.memberId) }),
  rejections: {
    UnknownCopy: 'There is no such copy',
    UnknownMember: 'There is no such member',
    AlreadyOut: 'The copy is on loan',
    HeldForAnother: 'The copy is held for another reader',
    ItemsOverdue: 'The member has something that is overdue',
    LoanLimit: 'The member has as many copies as allowed',
  },
  decide: ({ data, copy, member, reject, today }) => {
    if (copy.status === 'unknown' || copy.status === 'removed') return reject('UnknownCopy');
    if (member.kind === undefined) return reject('UnknownMember');
    if (copy.status === 'out') return reject('AlreadyOut');
    if (copy.status === 'held' && copy.memberId !== data.memberId) return reject('HeldForAnother');
    if (member.loans.some((loan) => loan.dueOn < today.iso)) return reject('ItemsOverdue');
    if (member.loans.length >= loanLimit[member.kind]) return reject('LoanLimit', { limit: loanLimit[member.kind] });

    const { copyId, memberId } = data;
    const { titleId } = copy;
    const borrowed = CopyBorrowed({ copyId, titleId, memberId, dueOn: today.plusDays(loanDays[copy.kind]) });
    // Who takes another copy than the one held for them leaves that on the shelf: while one stands there, nobody waits.
    const held = member.held.find((one) => one.titleId === titleId);
    if (held === undefined) return borrowed;
    return [ReservationFulfilled({ titleId, memberId, heldCopyId: held.copyId }), borrowed];
  },
});

export const ReturnCopy = command('ReturnCopy', {
  description: 'Takes a copy back, whoever had it. It is put aside for the next reader in the queue, if there is one.',
  data: z.object({ copyId: id('Say which copy came back') }),
  reads: (c) => ({ copy: copy(c.copyId) }),
  thenReads: ({ copy }) => ({ queue: queue(copy.titleId) }),
  rejections: { NotOnLoan: 'The copy is not on loan' },
  decide: ({ data: { copyId }, copy: { status, titleId, memberId }, queue, reject }) => {
    if (status !== 'out') return reject('NotOnLoan');
    const returned = CopyReturned({ copyId, titleId, memberId });
    const next = nextWaiting(queue);
    return next === undefined ? returned : [returned, CopyHeld({ copyId, titleId, memberId: next.memberId })];
  },
});

export const RenewLoan = command('RenewLoan', {
  description: 'Lends a copy for a full period again, from today, to the member who has it.',
  data: z.object({ copyId: id('Say which copy is kept longer') }),
  reads: (c) => ({ copy: copy(c.copyId) }),
  thenReads: ({ copy }) => ({ queue: queue(copy.titleId) }),
  rejections: { NotOnLoan: 'The copy is not on loan', ReaderWaits: 'Another reader waits for the title' },
  decide: ({ data: { copyId }, copy: { status, titleId, memberId, kind }, queue, reject, today }) => {
    if (status !== 'out') return reject('NotOnLoan');
    if (nextWaiting(queue) !== undefined) return reject('ReaderWaits');
    return LoanRenewed({ copyId, titleId, memberId, dueOn: today.plusDays(loanDays[kind]) });
  },
});
