import { given, testApplication, testClock } from 'carillon/testing';
import { describe, expect, it } from 'vitest';
import { Availability } from '../catalogue/title-queries.js';
import { library } from '../library.js';
import {
  CopyAdded,
  CopyBorrowed,
  CopyHeld,
  CopyRemoved,
  CopyReturned,
  LoanRenewed,
  MemberRegistered,
  ReservationFulfilled,
  TitleAdded,
  TitleReserved,
} from './events.js';
import { BorrowCopy, RenewLoan, ReturnCopy } from './lending.js';
import { ReserveTitle } from './reserving.js';
import { loanLimit } from './rules.js';

const dune = TitleAdded({ titleId: 'dune', title: 'Dune', authors: ['Frank Herbert'] });
const dune1 = CopyAdded({ copyId: 'dune-1', titleId: 'dune', kind: 'book' });
const ada = MemberRegistered({ memberId: 'ada', name: 'Ada', kind: 'adult' });
const bob = MemberRegistered({ memberId: 'bob', name: 'Bob', kind: 'child' });

const borrowed = (copyId: string, memberId: string, dueOn = '2026-01-29') =>
  CopyBorrowed({ copyId, titleId: 'dune', memberId, dueOn });
const returned = (copyId: string, memberId: string) => CopyReturned({ copyId, titleId: 'dune', memberId });
const reserved = (memberId: string) => TitleReserved({ titleId: 'dune', memberId });
const held = (copyId: string, memberId: string) => CopyHeld({ copyId, titleId: 'dune', memberId });

const desk = given(library, dune, dune1, ada, bob);

describe('BorrowCopy', () => {
  const borrow = BorrowCopy({ copyId: 'dune-1', memberId: 'ada' });

  it('lends a copy that is on the shelf, for as long as its kind of item may be kept', async () => {
    await desk
      .at('2026-01-01')
      .when(borrow)
      .then(borrowed('dune-1', 'ada', '2026-01-29'));
    const magazine = CopyAdded({ copyId: 'm-1', titleId: 'dune', kind: 'magazine' });
    await given(library, dune, magazine, ada)
      .at('2026-01-01')
      .when(BorrowCopy({ copyId: 'm-1', memberId: 'ada' }))
      .then(borrowed('m-1', 'ada', '2026-01-08'));
  });

  it('knows copies and members', async () => {
    await desk.when(BorrowCopy({ copyId: 'x', memberId: 'ada' })).thenRejected('UnknownCopy');
    await desk.when(BorrowCopy({ copyId: 'dune-1', memberId: 'x' })).thenRejected('UnknownMember');
    await given(library, dune, dune1, CopyRemoved({ copyId: 'dune-1', titleId: 'dune' }), ada)
      .when(borrow)
      .thenRejected('UnknownCopy');
    await desk.when(BorrowCopy({ copyId: '', memberId: 'ada' })).thenInvalid(['/copyId']);
  });

  it('lends a copy to one member at a time', async () => {
    await given(library, dune, dune1, ada, bob, borrowed('dune-1', 'bob')).when(borrow).thenRejected('AlreadyOut');
    await given(library, dune, dune1, ada, bob, borrowed('dune-1', 'bob'), returned('dune-1', 'bob'))
      .at('2026-01-01')
      .when(borrow)
      .then(borrowed('dune-1', 'ada'));
  });

  it('lends no more than the kind of member may have', async () => {
    const copies = Array.from({ length: 6 }, (_, i) => `c-${i}`);
    const added = copies.map((copyId) => CopyAdded({ copyId, titleId: 'dune', kind: 'book' }));
    const loans = (memberId: string) => copies.slice(0, loanLimit.child).map((copyId) => borrowed(copyId, memberId));
    const another = (memberId: string) => BorrowCopy({ copyId: 'c-5', memberId });
    await given(library, dune, ...added, bob, ...loans('bob'))
      .when(another('bob'))
      .thenRejected('LoanLimit', { limit: 5 });
    await given(library, dune, ...added, bob, ...loans('bob'), returned('c-0', 'bob'))
      .at('2026-01-01')
      .when(another('bob'))
      .then(borrowed('c-5', 'bob'));
    await given(library, dune, ...added, ada, ...loans('ada'))
      .at('2026-01-01')
      .when(another('ada'))
      .then(borrowed('c-5', 'ada'));
  });

  it('lends nothing to who has something overdue, from the day after it was due', async () => {
    const dune2 = CopyAdded({ copyId: 'dune-2', titleId: 'dune', kind: 'book' });
    const late = given(library, dune, dune1, dune2, ada, borrowed('dune-2', 'ada', '2026-01-29'));
    await late
      .at('2026-01-29')
      .when(borrow)
      .then(borrowed('dune-1', 'ada', '2026-02-26'));
    await late.at('2026-01-30').when(borrow).thenRejected('ItemsOverdue');
    await late
      .at('2026-01-30')
      .when(ReturnCopy({ copyId: 'dune-2' }))
      .when(borrow)
      .then(borrowed('dune-1', 'ada', '2026-02-27'));
  });

  it('lends a held copy to the member for whom it is held, and to nobody else', async () => {
    const shelf = given(library, dune, dune1, ada, bob, reserved('ada'), held('dune-1', 'ada'));
    await shelf.when(BorrowCopy({ copyId: 'dune-1', memberId: 'bob' })).thenRejected('HeldForAnother');
    await shelf
      .at('2026-01-01')
      .when(borrow)
      .then(
        ReservationFulfilled({ titleId: 'dune', memberId: 'ada', heldCopyId: 'dune-1' }),
        borrowed('dune-1', 'ada', '2026-01-29'),
      );
  });

  it('closes the reservation of who takes another copy than the held one, and leaves that for others', async () => {
    const dune2 = CopyAdded({ copyId: 'dune-2', titleId: 'dune', kind: 'book' });
    const closed = ReservationFulfilled({ titleId: 'dune', memberId: 'ada', heldCopyId: 'dune-1' });
    const taken = given(library, dune, dune1, ada, bob, reserved('ada'), held('dune-1', 'ada'), dune2)
      .at('2026-01-01')
      .when(BorrowCopy({ copyId: 'dune-2', memberId: 'ada' }));
    await taken.then(closed, borrowed('dune-2', 'ada'));
    await taken.thenAnswer(Availability({ titleId: 'dune' }), {
      titleId: 'dune',
      copies: 2,
      available: 1,
      reserved: 0,
    });
    await taken.when(ReserveTitle({ titleId: 'dune', memberId: 'bob' })).then(reserved('bob'), held('dune-1', 'bob'));
    await taken.when(BorrowCopy({ copyId: 'dune-1', memberId: 'bob' })).then(borrowed('dune-1', 'bob'));
  });

  it('lends the last copy to one of 200 who ask at once', async () => {
    const running = await testApplication(library, { clock: testClock() });
    const members = Array.from({ length: 200 }, (_, i) => `member-${i}`);
    await running.log.append([
      dune,
      dune1,
      ...members.map((memberId) => MemberRegistered({ memberId, name: memberId, kind: 'adult' })),
    ]);
    const results = await Promise.all(
      members.map((memberId) => running.execute(BorrowCopy({ copyId: 'dune-1', memberId }))),
    );
    const loans = await running.log.read({ items: [{ types: ['CopyBorrowed'] }] });
    const availability = await running.query(Availability({ titleId: 'dune' }), { after: await running.log.head() });
    await running.close();
    expect(results.filter((result) => !result.rejected)).toHaveLength(1);
    expect(results.filter((result) => result.rejected && result.code === 'AlreadyOut')).toHaveLength(199);
    expect(loans).toHaveLength(1);
    expect(availability.result).toEqual({ titleId: 'dune', copies: 1, available: 0, reserved: 0 });
  });
});

describe('ReturnCopy', () => {
  const giveBack = ReturnCopy({ copyId: 'dune-1' });

  it('puts the copy on the shelf when nobody waits', async () => {
    await given(library, dune, dune1, ada, borrowed('dune-1', 'ada')).when(giveBack).then(returned('dune-1', 'ada'));
  });

  it('holds the copy for the first who waits', async () => {
    await given(library, dune, dune1, ada, bob, borrowed('dune-1', 'staff'), reserved('bob'), reserved('ada'))
      .when(giveBack)
      .then(returned('dune-1', 'staff'), held('dune-1', 'bob'));
  });

  it('passes over those for whom a copy is held already', async () => {
    const dune2 = CopyAdded({ copyId: 'dune-2', titleId: 'dune', kind: 'book' });
    await given(library, dune, dune1, dune2, reserved('bob'), held('dune-2', 'bob'), reserved('ada'))
      .when(BorrowCopy({ copyId: 'dune-1', memberId: 'ada' }))
      .thenRejected('UnknownMember');
    await given(
      library,
      dune,
      dune1,
      dune2,
      borrowed('dune-1', 'x'),
      reserved('bob'),
      held('dune-2', 'bob'),
      reserved('ada'),
    )
      .when(giveBack)
      .then(returned('dune-1', 'x'), held('dune-1', 'ada'));
  });

  it('takes back only what is on loan', async () => {
    await desk.when(giveBack).thenRejected('NotOnLoan');
    await desk.when(ReturnCopy({ copyId: 'x' })).thenRejected('NotOnLoan');
  });
});

describe('RenewLoan', () => {
  const renew = RenewLoan({ copyId: 'dune-1' });
  const lent = [dune, dune1, ada, bob, borrowed('dune-1', 'ada', '2026-01-29')];

  it('lends for a full period from today', async () => {
    const renewed = { copyId: 'dune-1', titleId: 'dune', memberId: 'ada', dueOn: '2026-02-17' };
    await given(library, ...lent)
      .at('2026-01-20')
      .when(renew)
      .then(LoanRenewed(renewed));
    await given(library, ...lent, LoanRenewed(renewed), CopyAdded({ copyId: 'dune-2', titleId: 'dune', kind: 'book' }))
      .at('2026-02-17')
      .when(BorrowCopy({ copyId: 'dune-2', memberId: 'ada' }))
      .then(borrowed('dune-2', 'ada', '2026-03-17'));
  });

  it('refuses when somebody waits for the title', async () => {
    await given(library, ...lent, reserved('bob'))
      .when(renew)
      .thenRejected('ReaderWaits');
  });

  it('does not mind a reader for whom another copy is held', async () => {
    await given(library, ...lent, reserved('bob'), held('dune-2', 'bob'))
      .at('2026-01-20')
      .when(renew)
      .then(LoanRenewed({ copyId: 'dune-1', titleId: 'dune', memberId: 'ada', dueOn: '2026-02-17' }));
  });

  it('renews only what is on loan', async () => {
    await desk.when(renew).thenRejected('NotOnLoan');
  });
});
