// Kills the shop at random moments, and looks at what it comes to when it is left alone.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RecordedEvent } from 'carillon';
import { allEvents, readAll } from 'carillon/log';
import { type RunningApplication, start } from 'carillon/runtime';
import { it } from 'vitest';
import { crashingShop } from './crashing.fixture.js';
import { problemsAtRest } from './invariants.js';
import { readBook } from './provider/book.js';
import { providerBook } from './shop.js';

/** Two shops at a time, each killed this often: 50 kills in all. */
const kills = 25;
const program = fileURLToPath(new URL('./crashing.fixture.ts', import.meta.url));

it.concurrent.for(['one', 'another'])(
  `owes nobody anything after ${kills} kills at random moments: %s shop`,
  { timeout: 600_000 },
  async (_, { expect, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'carillon-shop-crash-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const acknowledged = new Set<string>();
    for (let round = 0; round < kills; round++) {
      for (const orderId of await workUntilKilled(folder, round)) acknowledged.add(orderId);
    }

    const running = await start(crashingShop(folder), { folder });
    await untilNothingIsLeft(running);
    const events: RecordedEvent[] = [];
    for await (const event of readAll(running.log, allEvents)) events.push(event);
    expect(problemsAtRest(events, readBook(providerBook(folder)))).toEqual([]);
    const placed = events
      .filter(({ type }) => type === 'OrderPlaced')
      .map(({ data }) => (data as any).orderId as string);
    expect([...acknowledged].filter((orderId) => !placed.includes(orderId))).toEqual([]);
    expect(placed).toEqual([...new Set(placed)]);
    expect(acknowledged.size).toBeGreaterThan(kills);
    for (const { name, parked, lagEvents } of await running.reactions()) {
      expect({ name, parked, lagEvents }).toEqual({ name, parked: [], lagEvents: 0 });
    }
    await running.close();
  },
);

/** Lets the shop work in a process, and kills that at some moment. Gives the orders that it acknowledged. */
async function workUntilKilled(folder: string, round: number): Promise<readonly string[]> {
  const child = fork(program, [folder, String(round)], { execArgv: ['--import', 'tsx', '--no-warnings'] });
  const orders: string[] = [];
  const ended = once(child, 'exit');
  child.on('message', (orderId) => {
    if (orders.push(orderId as string) === 1) setTimeout(() => child.kill('SIGKILL'), Math.random() * 700);
  });
  const [code, signal] = await ended;
  if (signal !== 'SIGKILL') throw new Error(`The shop ended by itself, with ${code}.`);
  return orders;
}

/** Nothing waits any more: no event, and no timer either. */
async function untilNothingIsLeft(running: RunningApplication): Promise<void> {
  for (;;) {
    await running.idle();
    if ((await running.reactions()).every(({ timers }) => timers === 0)) return;
    await pause(20);
  }
}
