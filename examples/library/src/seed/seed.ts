// A library to begin with: well-known titles, members, and half a year of lending.
import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import type { CommandData, CommandRequest } from 'carillon';
import { start } from 'carillon/runtime';
import { AddCopy, AddTitle } from '../circulation/collection.js';
import { BorrowCopy, ReturnCopy } from '../circulation/lending.js';
import { RegisterMember } from '../circulation/membership.js';
import { ReserveTitle } from '../circulation/reserving.js';
import { inParallel } from '../in-parallel.js';
import { library } from '../library.js';
import { lendingHistory, type PastLoan } from './lending-history.js';

const rounds = 14;
const daysBetweenRounds = 14;
const daysOfLoan = 10;
const dayMs = 86_400_000;

/**
 * Fills a new library, and leaves one that is there alone. The clock it is filled by starts in the past: so there are loans
 * of then, and some that are overdue now.
 *
 * It is filled beside its place and moved there when it is whole. Interrupted, it goes on where it stopped the next time: every
 * command has an id, and is done once.
 */
export async function seed(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.unfinished`;
  let now = Date.now() - rounds * daysBetweenRounds * dayMs;
  const running = await start(library, { folder: unfinished, clock: () => new Date(now) });

  const executeAll = (name: string, requests: readonly CommandRequest[]) =>
    inParallel(requests.entries(), 64, async ([index, request]) => {
      const result = await running.execute(request, { commandId: `seed:${name}:${index}` });
      if (result.rejected) throw new Error(`The seed does not fit together: ${name} ${index}: ${result.message}`);
    });

  try {
    const titles = await readSeed<CommandData<typeof AddTitle>>('titles.json');
    const members = await readSeed<CommandData<typeof RegisterMember>>('members.json');
    const shelved = titles.map(({ titleId }, index) => ({
      titleId,
      copyIds: copyIdsOf(titleId, 1 + ((index * 7) % 4)),
    }));
    const copies = shelved.flatMap(({ titleId, copyIds }) => copyIds.map((copyId) => ({ titleId, copyId })));
    await executeAll('titles', titles.map(AddTitle));
    await executeAll('copies', copies.map(AddCopy));
    await executeAll('members', members.map(RegisterMember));

    const memberIds = members.map(({ memberId }) => memberId);
    const history = lendingHistory(shelved, memberIds, rounds);
    for (const [round, loans] of history.entries()) {
      await executeAll(`loans-${round}`, loans.map(borrow));
      now += daysOfLoan * dayMs;
      await executeAll(`returns-${round}`, loans.filter((loan) => loan.isReturned).map(giveBack));
      now += (daysBetweenRounds - daysOfLoan) * dayMs;
    }
    await executeAll('reservations', reservations(history.at(-1) ?? []));
  } finally {
    await running.close();
  }
  await rename(unfinished, folder);
}

const borrow = ({ copyId, memberId }: PastLoan) => BorrowCopy({ copyId, memberId });
const giveBack = ({ copyId }: PastLoan) => ReturnCopy({ copyId });

/** Some members want what the one before them has. */
function reservations(current: readonly PastLoan[]): CommandRequest[] {
  return current
    .slice(0, 9)
    .flatMap(({ memberId }, index) =>
      index === 0 ? [] : [ReserveTitle({ titleId: current[index - 1]!.titleId, memberId })],
    );
}

function copyIdsOf(titleId: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${titleId}-${index + 1}`);
}

async function readSeed<T>(file: string): Promise<T[]> {
  return JSON.parse(await readFile(new URL(`../../seed/${file}`, import.meta.url), 'utf8')) as T[];
}
