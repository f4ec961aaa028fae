// What the decisions at the desk depend on. Each state is folded from the events of one tag.
import { type DataOf, state } from 'carillon';
import {
  CopyAdded,
  CopyBorrowed,
  CopyHeld,
  CopyRemoved,
  CopyReturned,
  LoanRenewed,
  MemberRegistered,
  ReservationCancelled,
  ReservationFulfilled,
  TitleAdded,
  TitleReserved,
} from './events.js';

interface Copy {
  readonly status: 'unknown' | 'in' | 'held' | 'out' | 'removed';
  readonly titleId: string;
  readonly kind: DataOf<typeof CopyAdded>['kind'];
  /** Who has it, or for whom it is held. */
  readonly memberId: string;
}

export const copy = state('copy', { initial: { status: 'unknown', titleId: '', kind: 'book', memberId: '' } as Copy })
  .on(CopyAdded, (copy, e) => ({ ...copy, status: 'in', titleId: e.titleId, kind: e.kind }))
  .on(CopyBorrowed, (copy, e) => ({ ...copy, status: 'out', memberId: e.memberId }))
  .on(CopyReturned, (copy) => ({ ...copy, status: 'in' }))
  .on(CopyHeld, (copy, e) => ({ ...copy, status: 'held', memberId: e.memberId }))
  .on(ReservationCancelled, (copy) => ({ ...copy, status: 'in' }))
  .on(ReservationFulfilled, (copy) => ({ ...copy, status: 'in' }))
  .on(CopyRemoved, (copy) => ({ ...copy, status: 'removed' }));

interface Loan {
  readonly copyId: string;
  readonly titleId: string;
  readonly dueOn: string;
}
interface Member {
  /** Undefined when nobody has that id. */
  readonly kind: DataOf<typeof MemberRegistered>['kind'] | undefined;
  readonly loans: readonly Loan[];
  /** The copies that are held for the member. */
  readonly held: readonly { readonly copyId: string; readonly titleId: string }[];
}

const withoutLoan = (member: Member, copyId: string) => member.loans.filter((loan) => loan.copyId !== copyId);
const withoutHeld = (member: Member, titleId: string) => member.held.filter((copy) => copy.titleId !== titleId);

export const member = state('member', { initial: { kind: undefined, loans: [], held: [] } as Member })
  .on(MemberRegistered, (member, e) => ({ ...member, kind: e.kind }))
  .on(CopyBorrowed, (member, e) => ({ ...member, loans: [...member.loans, e] }))
  .on(LoanRenewed, (member, e) => ({ ...member, loans: [...withoutLoan(member, e.copyId), e] }))
  .on(CopyReturned, (member, e) => ({ ...member, loans: withoutLoan(member, e.copyId) }))
  .on(CopyHeld, (member, e) => ({ ...member, held: [...member.held, e] }))
  .on(ReservationFulfilled, (member, e) => ({ ...member, held: withoutHeld(member, e.titleId) }))
  .on(ReservationCancelled, (member, e) => ({ ...member, held: withoutHeld(member, e.titleId) }));

/** Whether the library has the title in its catalogue. */
export const titleExists = state('title', { initial: false }).on(TitleAdded, () => true);

/** The ids of a title's copies that stand on the shelf, neither lent nor held. */
export const shelf = state('title', { initial: [] as readonly string[] })
  .on(CopyAdded, (copyIds, e) => [...copyIds, e.copyId])
  .on(CopyReturned, (copyIds, e) => [...copyIds, e.copyId])
  .on(ReservationCancelled, (copyIds, e) => (e.heldCopyId === undefined ? copyIds : [...copyIds, e.heldCopyId]))
  .on(ReservationFulfilled, (copyIds, e) => [...copyIds, e.heldCopyId])
  .on(CopyBorrowed, (copyIds, e) => copyIds.filter((copyId) => copyId !== e.copyId))
  .on(CopyHeld, (copyIds, e) => copyIds.filter((copyId) => copyId !== e.copyId))
  .on(CopyRemoved, (copyIds, e) => copyIds.filter((copyId) => copyId !== e.copyId));

interface Reservation {
  readonly memberId: string;
  /** The copy that is held for the member; undefined while the member waits for one. */
  readonly heldCopyId?: string;
}

/** The reservations of a title, the oldest first. */
export const queue = state('title', { initial: [] as readonly Reservation[] })
  .on(TitleReserved, (queue, e) => [...queue, { memberId: e.memberId }])
  .on(CopyHeld, (queue, e) =>
    queue.map((one) => (one.memberId === e.memberId ? { memberId: e.memberId, heldCopyId: e.copyId } : one)),
  )
  .on(ReservationFulfilled, (queue, e) => queue.filter((one) => one.memberId !== e.memberId))
  .on(ReservationCancelled, (queue, e) => queue.filter((one) => one.memberId !== e.memberId));

/** The first of a queue for whom no copy is held yet. */
export const nextWaiting = (queue: readonly Reservation[]) => queue.find((one) => one.heldCopyId === undefined);
