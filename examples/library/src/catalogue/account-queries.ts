import { query } from 'carillon';
import { z } from 'zod';
import { accounts } from './accounts.js';

export const MemberAccount = query('MemberAccount', {
  description: 'What a member has on loan and has reserved; null when there is no such member.',
  params: z.object({ memberId: z.string() }),
  from: accounts,
  result: z
    .object({
      memberId: z.string(),
      name: z.string(),
      kind: z.string(),
      loans: z.array(
        z.object({
          copyId: z.string(),
          titleId: z.string(),
          title: z.string(),
          dueOn: z.iso.date(),
          overdue: z.boolean(),
        }),
      ),
      reservations: z.array(
        z.object({
          titleId: z.string(),
          title: z.string(),
          heldCopyId: z.string().nullable(),
          /** From 1; 0 when a copy is held. */
          place: z.int(),
        }),
      ),
    })
    .nullable(),
  run: async (db, { memberId }, { today }) => {
    const member = await db.selectFrom('members').selectAll().where('memberId', '=', memberId).executeTakeFirst();
    if (member === undefined) return null;
    const loans = await db
      .selectFrom('loans')
      .innerJoin('titles', 'titles.titleId', 'loans.titleId')
      .select(['loans.copyId', 'loans.titleId', 'titles.title', 'loans.dueOn'])
      .where('loans.memberId', '=', memberId)
      .orderBy('loans.dueOn')
      .orderBy('loans.copyId')
      .execute();
    const reservations = await db
      .selectFrom('reservations')
      .innerJoin('titles', 'titles.titleId', 'reservations.titleId')
      .select((row) => [
        'reservations.titleId',
        'titles.title',
        'reservations.heldCopyId',
        row
          .selectFrom('reservations as ahead')
          .select(({ fn }) => fn.countAll<number>().as('waiting'))
          .whereRef('ahead.titleId', '=', 'reservations.titleId')
          .whereRef('ahead.reservedAt', '<=', 'reservations.reservedAt')
          .where('ahead.heldCopyId', 'is', null)
          .$asScalar()
          .$notNull()
          .as('place'),
      ])
      .where('reservations.memberId', '=', memberId)
      .orderBy('reservations.reservedAt')
      .execute();
    return {
      ...member,
      loans: loans.map((loan) => ({ ...loan, overdue: loan.dueOn < today.iso })),
      reservations,
    };
  },
});

export const OverdueLoans = query('OverdueLoans', {
  description: 'What should have come back, the longest overdue first.',
  params: z.object({ limit: z.int().min(1).max(1_000).default(200) }),
  from: accounts,
  result: z.array(
    z.object({
      copyId: z.string(),
      titleId: z.string(),
      title: z.string(),
      memberId: z.string(),
      name: z.string(),
      dueOn: z.iso.date(),
    }),
  ),
  run: (db, { limit }, { today }) =>
    db
      .selectFrom('loans')
      .innerJoin('titles', 'titles.titleId', 'loans.titleId')
      .innerJoin('members', 'members.memberId', 'loans.memberId')
      .select(['loans.copyId', 'loans.titleId', 'titles.title', 'loans.memberId', 'members.name', 'loans.dueOn'])
      .where('loans.dueOn', '<', today.iso)
      .orderBy('loans.dueOn')
      .orderBy('loans.copyId')
      .limit(limit),
});

export const FindMembers = query('FindMembers', {
  description: 'Members by the beginnings of their names or ids, the best fit first; without a text, some members.',
  params: z.object({ text: z.string().max(200).default(''), limit: z.int().min(1).max(50).default(6) }),
  from: accounts,
  result: z.array(z.object({ memberId: z.string(), name: z.string(), kind: z.string() })),
  run: (db, { text, limit }) =>
    db
      .search('members', text)
      .select(['members.memberId', 'members.name', 'members.kind'])
      .orderBy('ranking.relevance', 'desc')
      .orderBy('members.memberId')
      .limit(limit),
});
