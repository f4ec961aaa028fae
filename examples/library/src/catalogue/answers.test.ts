import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
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
} from '../circulation/events.js';
import { library } from '../library.js';
import { FindMembers, MemberAccount, OverdueLoans } from './account-queries.js';
import { RecommendedTitles } from './recommendations.js';
import { Availability, TitleDetails } from './title-queries.js';

const title = (titleId: string, author = 'Frank Herbert') =>
  TitleAdded({ titleId, title: titleId.toUpperCase(), authors: [author] });
const dune = title('dune');
const copy = (copyId: string, titleId = 'dune') => CopyAdded({ copyId, titleId, kind: 'book' });
const member = (memberId: string) => MemberRegistered({ memberId, name: `Dr ${memberId}`, kind: 'adult' });
const lent = (copyId: string, memberId: string, titleId = 'dune', dueOn = '2026-01-29') =>
  CopyBorrowed({ copyId, titleId, memberId, dueOn });
const returned = (copyId: string, memberId: string) => CopyReturned({ copyId, titleId: 'dune', memberId });
const reserved = (memberId: string, titleId = 'dune') => TitleReserved({ titleId, memberId });
const held = (copyId: string, memberId: string) => CopyHeld({ copyId, titleId: 'dune', memberId });
const availability = (copies: number, available: number, reserved: number) => ({
  titleId: 'dune',
  copies,
  available,
  reserved,
});

describe('Availability', () => {
  it('follows every copy of a title', async () => {
    const ask = Availability({ titleId: 'dune' });
    const history = [
      [dune, availability(0, 0, 0)],
      [copy('a'), availability(1, 1, 0)],
      [copy('b'), availability(2, 2, 0)],
      [lent('a', 'ada'), availability(2, 1, 0)],
      [reserved('bob'), availability(2, 1, 1)],
      [held('b', 'bob'), availability(2, 0, 1)],
      [reserved('eve'), availability(2, 0, 2)],
      [ReservationFulfilled({ titleId: 'dune', memberId: 'bob', heldCopyId: 'b' }), availability(2, 1, 1)],
      [lent('b', 'bob'), availability(2, 0, 1)],
      [returned('a', 'ada'), availability(2, 1, 1)],
      [held('a', 'eve'), availability(2, 0, 1)],
      [ReservationCancelled({ titleId: 'dune', memberId: 'eve', heldCopyId: 'a' }), availability(2, 1, 0)],
      [CopyRemoved({ copyId: 'a', titleId: 'dune' }), availability(1, 0, 0)],
    ] as const;
    for (const [index, [, expected]] of history.entries()) {
      await given(library, ...history.slice(0, index + 1).map(([event]) => event)).thenAnswer(ask, expected);
    }
    await given(library).thenAnswer(ask, null);
  });
});

describe('TitleDetails', () => {
  it('shows a title, its copies and who waits', async () => {
    const details = {
      titleId: 'dune',
      title: 'DUNE',
      authors: ['Frank Herbert'],
      year: null,
      language: null,
      isbn: null,
      available: 0,
      waiting: 1,
      copies: [
        { copyId: 'a', kind: 'book', status: 'out', dueOn: '2026-02-01' },
        { copyId: 'b', kind: 'book', status: 'held', dueOn: null },
      ] as { copyId: string; kind: string; status: 'out' | 'held' | 'in'; dueOn: string | null }[],
    };
    const renewed = LoanRenewed({ copyId: 'a', titleId: 'dune', memberId: 'ada', dueOn: '2026-02-01' });
    const waiting = [reserved('bob'), held('b', 'bob'), reserved('eve')];
    await given(library, dune, copy('a'), copy('b'), lent('a', 'ada'), renewed, ...waiting).thenAnswer(
      TitleDetails({ titleId: 'dune' }),
      details,
    );
    await given(library).thenAnswer(TitleDetails({ titleId: 'dune' }), null);
  });
});

describe('MemberAccount', () => {
  it('shows what a member has and waits for', async () => {
    const ask = MemberAccount({ memberId: 'ada' });
    const member1 = { memberId: 'ada', name: 'Dr ada', kind: 'adult' };
    const loan = { copyId: 'a', titleId: 'dune', title: 'DUNE', dueOn: '2026-01-29', overdue: false };
    const emma = title('emma', 'Jane Austen');
    const lending = [member('ada'), dune, emma, copy('a'), lent('a', 'ada')];
    await given(library, ...lending)
      .at('2026-01-29')
      .thenAnswer(ask, { ...member1, loans: [loan], reservations: [] });
    await given(library, ...lending)
      .at('2026-01-30')
      .thenAnswer(ask, { ...member1, loans: [{ ...loan, overdue: true }], reservations: [] });
    const queue = [reserved('bob', 'emma'), reserved('ada', 'emma'), reserved('eve', 'emma')];
    const place = (place: number, heldCopyId: string | null = null) => ({
      ...member1,
      loans: [],
      reservations: [{ titleId: 'emma', title: 'EMMA', heldCopyId, place }],
    });
    await given(library, member('ada'), emma, ...queue).thenAnswer(ask, place(2));
    const bobHas = CopyHeld({ copyId: 'e', titleId: 'emma', memberId: 'bob' });
    const adaHas = CopyHeld({ copyId: 'f', titleId: 'emma', memberId: 'ada' });
    const copies = [copy('e', 'emma'), copy('f', 'emma')];
    await given(library, member('ada'), emma, ...copies, ...queue, bobHas).thenAnswer(ask, place(1));
    await given(library, member('ada'), emma, ...copies, ...queue, bobHas, adaHas).thenAnswer(ask, place(0, 'f'));
    await given(library).thenAnswer(ask, null);
  });
});

describe('FindMembers', () => {
  it('finds members by the beginnings of their names and ids', async () => {
    const adaLovelace = { memberId: 'ada', name: 'Ada Lovelace', kind: 'adult' } as const;
    const noor = { memberId: 'm-17', name: 'Noor Haddad', kind: 'child' } as const;
    const members = given(library, MemberRegistered(adaLovelace), MemberRegistered(noor));
    await members.thenAnswer(FindMembers({ text: 'lov' }), [adaLovelace]);
    await members.thenAnswer(FindMembers({ text: 'm-17' }), [noor]);
    await members.thenAnswer(FindMembers({ text: 'zuse' }), []);
    await members.thenAnswer(FindMembers({}), [adaLovelace, noor]);
    await members.thenAnswer(FindMembers({ limit: 1 }), [adaLovelace]);
  });
});

describe('OverdueLoans', () => {
  it('lists what should have come back, the longest overdue first', async () => {
    const late = (copyId: string, dueOn: string) => ({
      copyId,
      titleId: 'dune',
      title: 'DUNE',
      memberId: 'ada',
      name: 'Dr ada',
      dueOn,
    });
    const loans = ['2026-01-10', '2026-01-05', '2026-01-20'].map((dueOn, i) => lent(`${i}`, 'ada', 'dune', dueOn));
    await given(library, member('ada'), dune, copy('0'), copy('1'), copy('2'), ...loans)
      .at('2026-01-20')
      .thenAnswer(OverdueLoans({}), [late('1', '2026-01-05'), late('0', '2026-01-10')]);
  });
});

describe('RecommendedTitles', () => {
  const emma = title('emma', 'Jane Austen');
  const messiah = title('messiah');
  const shelf = [dune, emma, messiah, copy('d'), copy('e', 'emma'), copy('m', 'messiah')];
  const suggestion = (titleId: string, author: string, because: 'borrowed-together' | 'same-author') => ({
    titleId,
    title: titleId.toUpperCase(),
    authors: [author],
    because,
  });

  it('recommends what the same readers borrowed, what more of them did first', async () => {
    await given(
      library,
      ...shelf,
      lent('d', 'ada'),
      lent('m', 'ada', 'messiah'),
      lent('e', 'ada', 'emma'),
      returned('d', 'ada'),
      lent('d', 'ada'),
      returned('d', 'ada'),
      lent('d', 'bob'),
      CopyReturned({ copyId: 'm', titleId: 'messiah', memberId: 'ada' }),
      lent('m', 'bob', 'messiah'),
    ).thenAnswer(RecommendedTitles({ titleId: 'dune' }), [
      suggestion('messiah', 'Frank Herbert', 'borrowed-together'),
      suggestion('emma', 'Jane Austen', 'borrowed-together'),
    ]);
  });

  it('falls back to the same author', async () => {
    await given(library, ...shelf, lent('d', 'ada')).thenAnswer(RecommendedTitles({ titleId: 'dune' }), [
      suggestion('messiah', 'Frank Herbert', 'same-author'),
    ]);
    await given(library, ...shelf).thenAnswer(RecommendedTitles({ titleId: 'emma' }), []);
    await given(library).thenAnswer(RecommendedTitles({ titleId: 'x' }), []);
  });
});
