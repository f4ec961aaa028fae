import { getPriority } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Thread } from './thread.js';

let thread: Thread;
beforeEach(() => {
  thread = new Thread(new URL('./thread.fixture.ts', import.meta.url), 'echo', undefined);
});
afterEach(() => thread.terminate());

describe('a thread', () => {
  it('tells its answers one in each turn of the event loop, in order, so that others have theirs in between', async () => {
    await thread.call('echo', 'ready');
    let turns = 0;
    let isCounting = true;
    const counting = (async () => {
      for (; isCounting; turns++) await nextTurn();
    })();
    const seen: [answer: number, turn: number][] = [];
    const calls = Array.from({ length: 50 }, async (_, n) => {
      seen.push([await thread.call<number>('echo', n), turns]);
    });
    await Promise.all(calls);
    isCounting = false;
    await counting;
    expect(seen.map(([answer]) => answer)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(new Set(seen.map(([, turn]) => turn)).size).toBe(50);
  });

  it('has said what it said before it ended', async () => {
    await thread.call('echo', 'ready');
    const said = thread.call('echo', 'good-bye');
    const failed = thread.call('end');
    expect(await said).toBe('good-bye');
    await expect(failed).rejects.toMatchObject({ code: 'not-running' });
    await expect(thread.call('echo', 1)).rejects.toMatchObject({ code: 'not-running' });
  });

  it('gives way to the others where it can do so alone', async () => {
    const before = getPriority();
    expect(await thread.call('giveWay')).toBe(process.platform === 'linux' ? before + 5 : before);
    expect(getPriority()).toBe(before);
  });

  it('fails as what it called did', async () => {
    await expect(thread.call('fail')).rejects.toMatchObject({ code: 'unexpected', message: 'no' });
  });
});
