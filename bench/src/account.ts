import { application, command, event, integer, module, query, readModel, state, table, text } from 'carillon';
import { z } from 'zod';

/** The application of the command measures: a command validates, decides on two states and appends one event. */
const Movement = z.object({
  account: z.string(),
  owner: z.string(),
  amount: z.int().positive(),
  reference: z.string(),
  note: z.string(),
});
export const Deposited = event('Deposited', { data: Movement, tags: (e) => ({ account: e.account, owner: e.owner }) });
const account = state('account', { initial: { balance: 0 } }).on(Deposited, (account, e) => ({
  balance: account.balance + e.amount,
}));
const owner = state('owner', { initial: { deposits: 0 } }).on(Deposited, (owner) => ({ deposits: owner.deposits + 1 }));
export const Deposit = command('Deposit', {
  data: Movement,
  reads: (c) => ({ account: account(c.account), owner: owner(c.owner) }),
  rejections: { Limit: 'An account holds at most 10^15' },
  decide: ({ data, account, reject }) => (account.balance + data.amount > 1e15 ? reject('Limit') : Deposited(data)),
});

/** Decides on an account and changes nothing. */
export const Audit = command('Audit', {
  data: z.object({ account: z.string() }),
  reads: (c) => ({ account: account(c.account) }),
  rejections: { Overdrawn: 'The account is overdrawn' },
  decide: ({ account, reject }) => (account.balance < 0 ? reject('Overdrawn') : undefined),
});
const balances = table({ columns: { account: text(), balance: integer() }, key: 'account' });
export const statement = readModel('statement', { tables: { balances } }).on(Deposited, (e, db) =>
  db.balances.update(e.account, (row) => ({ balance: row.balance + e.amount }), {
    account: e.account,
    balance: e.amount,
  }),
);
export const Balance = query('Balance', {
  params: z.object({ account: z.string() }),
  from: statement,
  run: async (db, p) =>
    (await db.selectFrom('balances').select('balance').where('account', '=', p.account).executeTakeFirst())?.balance ??
    0,
});
export const bank = application('bank', {
  modules: [
    module('accounts', {
      publishes: [Deposited],
      commands: [Deposit, Audit],
      readModels: [statement],
      queries: [Balance],
    }),
  ],
});
export default bank;

/** The data of one command. */
export function deposit(account: string, index: number) {
  return {
    account,
    owner: `owner-of-${account}`,
    amount: 1 + (index % 1_000),
    reference: `reference-${index}`,
    note: 'A note of the length that notes have in business systems, give or take a few words of it.',
  };
}
