import { command } from 'carillon';
import { z } from 'zod';
import { CopyHeld, ReservationCancelled, TitleReserved } from './events.js';
import { member, nextWaiting, queue, shelf, titleExists } from './states.js';
import { id } from './typed.js';

export const ReserveTitle = command('ReserveTitle', {
  description: 'Puts a member into the queue of a title. If a copy is on the shelf, it is put aside at once.',
  data: z.object({ titleId: id('Say which title'), memberId: id('Say who wants it') }),
  reads: (c) => ({
    titleExists: titleExists(c.titleId),
    shelf: shelf(c.titleId),
    queue: queue(c.titleId),
    member: member(c.memberId),
  }),
  rejections: {
    UnknownTitle: 'There is no such title',
    UnknownMember: 'There is no such member',
    AlreadyReserved: 'The member has reserved the title already',
    AlreadyBorrowed: 'The member has a copy of the title on loan',
  },
  decide: ({ data, titleExists, shelf, queue, member, reject }) => {
    const { titleId, memberId } = data;
    if (!titleExists) return reject('UnknownTitle');
    if (member.kind === undefined) return reject('UnknownMember');
    if (queue.some((one) => one.memberId === memberId)) return reject('AlreadyReserved');
    if (member.loans.some((loan) => loan.titleId === titleId)) return reject('AlreadyBorrowed');
    const [copyId] = shelf;
    if (copyId === undefined) return TitleReserved(data);
    return [TitleReserved(data), CopyHeld({ copyId, titleId, memberId })];
  },
});

export const CancelReservation = command('CancelReservation', {
  description: 'Takes a member out of the queue of a title. A copy that was held for them goes to the next reader.',
  data: z.object({ titleId: id('Say which title'), memberId: id('Say who does not want it any more') }),
  reads: (c) => ({ queue: queue(c.titleId) }),
  rejections: { NotReserved: 'The member has not reserved the title' },
  decide: ({ data: { titleId, memberId }, queue, reject }) => {
    const reservation = queue.find((one) => one.memberId === memberId);
    if (reservation === undefined) return reject('NotReserved');
    const { heldCopyId } = reservation;
    const cancelled = ReservationCancelled({ titleId, memberId, heldCopyId });
    const next = nextWaiting(queue);
    if (heldCopyId === undefined || next === undefined) return cancelled;
    return [cancelled, CopyHeld({ copyId: heldCopyId, titleId, memberId: next.memberId })];
  },
});
