import { integer, readModel, table, text } from 'carillon';
import {
  CopyBorrowed,
  CopyHeld,
  CopyReturned,
  LoanRenewed,
  MemberRegistered,
  ReservationCancelled,
  ReservationFulfilled,
  TitleAdded,
  TitleReserved,
} from '../circulation/events.js';

const members = table({
  columns: { memberId: text(), name: text(), kind: text() },
  key: 'memberId',
  search: { memberId: 2, name: 1 },
});

const titles = table({
  columns: { titleId: text(), title: text() },
  key: 'titleId',
});

const loans = table({
  columns: { copyId: text(), titleId: text(), memberId: text(), dueOn: text() },
  key: 'copyId',
  indexes: ['memberId', 'dueOn'],
});

const reservations = table({
  columns: {
    titleId: text(),
    memberId: text(),
    /** Tells who was first: the position of the event. */
    reservedAt: integer(),
    heldCopyId: text().nullable(),
  },
  key: ['titleId', 'memberId'],
  indexes: ['memberId'],
});

/** What each member has and waits for. */
export const accounts = readModel('accounts', { version: 2, tables: { members, titles, loans, reservations } })
  .on(MemberRegistered, (e, db) => db.members.insert(e))
  .on(TitleAdded, (e, db) => db.titles.insert({ titleId: e.titleId, title: e.title }))
  .on(CopyBorrowed, (e, db) => db.loans.insert(e))
  .on(LoanRenewed, (e, db) => db.loans.update(e.copyId, { dueOn: e.dueOn }))
  .on(CopyReturned, (e, db) => db.loans.delete(e.copyId))
  .on(TitleReserved, (e, db, event) => db.reservations.insert({ ...e, reservedAt: event.position }))
  .on(CopyHeld, ({ titleId, memberId, copyId }, db) =>
    db.reservations.update({ titleId, memberId }, { heldCopyId: copyId }),
  )
  .on(ReservationCancelled, ({ titleId, memberId }, db) => db.reservations.delete({ titleId, memberId }))
  .on(ReservationFulfilled, ({ titleId, memberId }, db) => db.reservations.delete({ titleId, memberId }));
