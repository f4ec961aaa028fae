import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { library } from '../library.js';
import { AddCopy } from './collection.js';
import {
  CopyAdded,
  CopyBorrowed,
  CopyHeld,
  MemberRegistered,
  ReservationCancelled,
  TitleAdded,
  TitleReserved,
} from './events.js';
import { BorrowCopy, ReturnCopy } from './lending.js';
import { CancelReservation, ReserveTitle } from './reserving.js';

const dune = TitleAdded({ titleId: 'dune', title: 'Dune', authors: ['Frank Herbert'] });
const dune1 = CopyAdded({ copyId: 'dune-1', titleId: 'dune', kind: 'book' });
const registered = (memberId: string) => MemberRegistered({ memberId, name: memberId, kind: 'adult' });
const [ada, bob, eve] = [registered('ada'), registered('bob'), registered('eve')];
const lentToAda = CopyBorrowed({ copyId: 'dune-1', titleId: 'dune', memberId: 'ada', dueOn: '2026-01-29' });
const reserved = (memberId: string) => TitleReserved({ titleId: 'dune', memberId });
const held = (memberId: string) => CopyHeld({ copyId: 'dune-1', titleId: 'dune', memberId });

describe('ReserveTitle', () => {
  const reserve = ReserveTitle({ titleId: 'dune', memberId: 'bob' });

  it('puts the member into the queue', async () => {
    await given(library, dune, dune1, ada, bob, lentToAda).when(reserve).then(reserved('bob'));
    await given(library, dune, bob).when(reserve).then(reserved('bob'));
  });

  it('holds a copy at once when one is on the shelf', async () => {
    await given(library, dune, dune1, ada, bob).when(reserve).then(reserved('bob'), held('bob'));
    await given(library, dune, dune1, ada, bob)
      .when(reserve)
      .when(BorrowCopy({ copyId: 'dune-1', memberId: 'ada' }))
      .thenRejected('HeldForAnother');
  });

  it('refuses who waits for the title or has it', async () => {
    await given(library, dune, bob, reserved('bob')).when(reserve).thenRejected('AlreadyReserved');
    await given(library, dune, dune1, bob, reserved('bob'), held('bob')).when(reserve).thenRejected('AlreadyReserved');
    await given(library, dune, dune1, ada, lentToAda)
      .when(ReserveTitle({ titleId: 'dune', memberId: 'ada' }))
      .thenRejected('AlreadyBorrowed');
  });

  it('lets a member reserve again who has had the title', async () => {
    const had = given(library, dune, dune1, bob, reserved('bob'), held('bob')).when(
      BorrowCopy({ copyId: 'dune-1', memberId: 'bob' }),
    );
    await had.when(reserve).thenRejected('AlreadyBorrowed');
    await had
      .when(ReturnCopy({ copyId: 'dune-1' }))
      .when(reserve)
      .then(reserved('bob'), held('bob'));
  });

  it('knows titles and members', async () => {
    await given(library, bob).when(reserve).thenRejected('UnknownTitle');
    await given(library, dune).when(reserve).thenRejected('UnknownMember');
  });
});

describe('CancelReservation', () => {
  const cancel = CancelReservation({ titleId: 'dune', memberId: 'bob' });
  const cancelled = ReservationCancelled({ titleId: 'dune', memberId: 'bob' });
  const cancelledWithCopy = ReservationCancelled({ titleId: 'dune', memberId: 'bob', heldCopyId: 'dune-1' });

  it('takes the member out of the queue', async () => {
    await given(library, dune, dune1, ada, bob, lentToAda, reserved('bob')).when(cancel).then(cancelled);
    await given(library, dune, dune1, ada, bob, lentToAda, reserved('bob'), cancelled)
      .when(cancel)
      .thenRejected('NotReserved');
  });

  it('passes a held copy on to the next', async () => {
    await given(library, dune, dune1, bob, eve, reserved('bob'), held('bob'), reserved('eve'))
      .when(cancel)
      .then(cancelledWithCopy, held('eve'));
  });

  it('puts a held copy back on the shelf when nobody else waits', async () => {
    const shelf = given(library, dune, dune1, ada, bob, reserved('bob'), held('bob'));
    await shelf.when(cancel).then(cancelledWithCopy);
    await shelf
      .at('2026-01-01')
      .when(cancel)
      .when(BorrowCopy({ copyId: 'dune-1', memberId: 'ada' }))
      .then(lentToAda);
  });
});

describe('AddCopy', () => {
  it('holds the new copy for the first who waits', async () => {
    await given(library, dune, bob, eve, reserved('bob'), reserved('eve'))
      .when(AddCopy({ copyId: 'dune-1', titleId: 'dune' }))
      .then(dune1, held('bob'));
  });
});
