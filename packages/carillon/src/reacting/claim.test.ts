import { expect, test } from 'vitest';
import type { Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import { memoryLog } from '../log/memory-log.js';
import { type Claimant, claimWork } from './claim.js';
import { LeaseLostError } from './reacting-errors.js';
import { workEvent } from './work-events.js';

const unit = 'reaction:note';
const said = [workEvent('carillon:reaction-advanced', { reaction: 'note', position: 1 }, [])];

/** A process, and whether it holds the lease. */
function member(name: string, token: number): Claimant & { isHeld: boolean } {
  const one = {
    member: name,
    isHeld: true,
    lease: { token, isHeld: () => one.isHeld, giveBack: () => undefined },
  };
  return one;
}

/** The log as one sees it whose appends take so long that other things happen before. */
function slow(log: Log, meanwhile: () => Promise<unknown>): Log {
  const own = Object.create(log) as Log;
  own.append = async (events, condition) => {
    await meanwhile();
    return log.append(events, condition);
  };
  own.read = (query, options) => log.read(query, options);
  return own;
}

async function claimants(log: Log): Promise<string[]> {
  const claims = await log.read({ items: [{ types: ['carillon:work-claimed'] }] });
  return claims.map(({ data }) => (data as { member: string }).member);
}

test('who claims can record, until somebody else has claimed', async () => {
  const log = memoryLog();
  const before = await claimWork(log, unit, member('a', 1));
  await log.append(said, before.condition);
  const now = await claimWork(log, unit, member('b', 2));
  await expect(log.append(said, before.condition)).rejects.toThrow(AppendConditionError);
  await log.append(said, now.condition);
});

test('a claim that comes when somebody else has the lease and has claimed takes nothing from him', async () => {
  const log = memoryLog();
  const late = member('late', 1);
  const holder = member('holder', 2);
  let claim: Awaited<ReturnType<typeof claimWork>> | undefined;
  const hung = slow(log, async () => {
    late.isHeld = false;
    claim = await claimWork(log, unit, holder);
  });
  await expect(claimWork(hung, unit, late)).rejects.toThrow(LeaseLostError);
  await log.append(said, claim?.condition);
  expect(await claimants(log)).toEqual(['holder']);
});

test('who has the lease claims again when a claim of somebody before him came in between', async () => {
  const log = memoryLog();
  let tries = 0;
  const own = slow(log, async () => {
    if (++tries === 1) await claimWork(log, unit, member('before', 1));
  });
  const claim = await claimWork(own, unit, member('holder', 2));
  await log.append(said, claim.condition);
  expect(await claimants(log)).toEqual(['before', 'holder']);
});

test('claims of a log that was copied, with greater tokens than those of its own leases, are in nobody’s way', async () => {
  const log = memoryLog();
  await claimWork(log, unit, member('copied', 7));
  const claim = await claimWork(log, unit, member('holder', 1));
  await log.append(said, claim.condition);
});

test('nothing is claimed without the lease', async () => {
  const log = memoryLog();
  const gone = member('gone', 1);
  gone.isHeld = false;
  await expect(claimWork(log, unit, gone)).rejects.toMatchObject({ code: 'lease-lost', unit });
  expect(await log.head()).toBe(0);
});
