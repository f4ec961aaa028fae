import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { allEvents } from '../log/log-query.js';
import { openSqliteLog } from '../log/sqlite/sqlite-log.js';
import { PositionAheadError } from '../querying/querying-errors.js';
import counter, { Find, Raise, Raised, Total, Value } from './counter.fixture.js';
import type { RunningApplication } from './running-application.js';
import { NotRunningError, UnknownReadModelError } from './runtime-errors.js';
import { start, startInMemory } from './start.js';

const fixture = new URL('./counter.fixture.ts', import.meta.url);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ways: [string, () => Promise<RunningApplication>][] = [
  ['in memory', () => startInMemory(counter)],
  ['on a folder, on one thread', () => start(counter, { folder })],
  ['on a folder, in worker threads', () => start(counter, { folder, module: fixture })],
];

async function receiptOf(running: RunningApplication, name: string, by: number) {
  const result = await running.execute(Raise({ counter: name, by }));
  if (result.rejected) throw new Error(result.code);
  return result;
}

describe.each(ways)('an application %s', (_, open) => {
  it('reads its own writes, and nothing else by a command', async () => {
    const running = await open();
    for (let times = 1; times <= 20; times++) {
      const receipt = await receiptOf(running, 'a', 2);
      expect(Object.keys(receipt).sort()).toEqual(['commandId', 'position']);
      const answer = await running.query(Value({ counter: 'a' }), { after: receipt });
      expect(answer).toEqual({ result: { counter: 'a', value: 2 * times, raised: times }, position: times });
    }
    expect(await running.execute(Raise({ counter: 'a', by: 999 }))).toMatchObject({
      code: 'TooHigh',
      details: { value: 40 },
    });
    expect((await running.query(Find({ text: 'A' }))).result).toEqual([{ counter: 'a', value: 40 }]);
    await running.close();
  });

  it('answers a subscription again when the answer has changed, and only then', async () => {
    const running = await open();
    const abort = new AbortController();
    const heard: unknown[] = [];
    const listening = (async () => {
      for await (const { result } of running.subscribe(Value({ counter: 'a' }), { signal: abort.signal })) {
        heard.push(result === null ? null : result.value);
        if (heard.length === 3) abort.abort();
      }
    })();
    await running.query(Value({ counter: 'a' }), { after: await receiptOf(running, 'other', 1) });
    while (heard.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    for (let n = 1; n <= 2; n++) {
      const receipt = await receiptOf(running, 'a', n);
      await running.query(Value({ counter: 'a' }), { after: receipt });
      await receiptOf(running, 'other', 1);
      while (heard.length < n + 1) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await listening;
    expect(heard).toEqual([null, 1, 3]);
    await running.close();
  });

  it('waits no longer than the log goes, and says so', async () => {
    const running = await open();
    await expect(running.query(Value({ counter: 'a' }), { after: 5 })).rejects.toBeInstanceOf(PositionAheadError);
    await expect(running.query(Value({ counter: 'a' }), { after: -1 })).rejects.toMatchObject({
      code: 'position-invalid',
    });
    await running.close();
  });

  it('rebuilds a read model with progress while commands go on', async () => {
    const running = await open();
    await running.log.append(Array.from({ length: 10_000 }, () => Raised({ counter: 'bulk', by: 1 })));
    const seen: number[] = [];
    const rebuilding = running.rebuild('history', { onProgress: ({ position }) => seen.push(position) });
    const receipt = await receiptOf(running, 'a', 5);
    await rebuilding;
    expect((await running.query(Total({}), { after: receipt })).result).toBe(10_005);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    await expect(running.rebuild('nonsense')).rejects.toBeInstanceOf(UnknownReadModelError);
    await running.close();
  });

  it('finishes what was begun when it closes, and takes nothing after', async () => {
    const running = await open();
    const begun = Array.from({ length: 100 }, () => running.execute(Raise({ counter: 'a', by: 1 })));
    await running.close();
    expect((await Promise.all(begun)).every((result) => !result.rejected)).toBe(true);
    await expect(running.execute(Raise({ counter: 'a', by: 1 }))).rejects.toBeInstanceOf(NotRunningError);
    await expect(running.query(Value({ counter: 'a' }))).rejects.toBeInstanceOf(NotRunningError);
  });

  it('says where its read models stand', async () => {
    const running = await open();
    const receipt = await receiptOf(running, 'a', 1);
    await running.query(Value({ counter: 'a' }), { after: receipt });
    await running.query(Total({}), { after: receipt });
    expect(await running.readModels()).toEqual(
      ['values', 'history'].map((name) => ({
        name,
        version: 1,
        status: 'current',
        position: 1,
        head: 1,
        isServing: true,
        building: undefined,
        lagEvents: 0,
        lagMs: 0,
        failure: undefined,
      })),
    );
    expect(await running.health()).toEqual({ ready: true, problems: [] });
    await running.close();
  });
});

describe('an application on a folder', () => {
  it('is as it was after it was closed and started again', async () => {
    const first = await start(counter, { folder, module: fixture });
    await receiptOf(first, 'a', 7);
    await first.close();
    const second = await start(counter, { folder });
    expect(await second.query(Value({ counter: 'a' }), { after: 1 })).toMatchObject({
      result: { value: 7 },
      position: 1,
    });
    const events = await second.log.read(allEvents);
    expect(events.map(({ position, data }) => [position, data])).toEqual([[1, { counter: 'a', by: 7 }]]);
    await second.close();
  });

  it('stops the read model whose handler failed, and no other, until it is resumed', async () => {
    const running = await start(counter, { folder });
    (globalThis as { poisoned?: boolean }).poisoned = true;
    await receiptOf(running, 'a', 1);
    const poison = await receiptOf(running, 'poison', 1);
    const after = await receiptOf(running, 'a', 1);
    expect((await running.query(Total({}), { after })).result).toBe(3);
    await expect(running.query(Value({ counter: 'a' }), { after })).rejects.toMatchObject({
      code: 'read-model-failed',
      failure: { position: poison.position, eventType: 'Raised', message: 'poisoned' },
    });
    expect((await running.query(Value({ counter: 'a' }))).result).toMatchObject({ value: 1 });
    expect((await running.health()).problems).toEqual([
      expect.stringContaining('values stopped at position 2 (Raised): poisoned'),
    ]);
    (globalThis as { poisoned?: boolean }).poisoned = false;
    await running.resume('values');
    expect((await running.query(Value({ counter: 'a' }), { after })).result).toMatchObject({ value: 2, raised: 2 });
    await running.close();
  });

  it('is not ready when a read model has stopped before it was built for the first time: its queries have no answer', async () => {
    const log = await openSqliteLog({ folder });
    await log.append([Raised({ counter: 'poison', by: 1 })]);
    await log.close();
    (globalThis as { poisoned?: boolean }).poisoned = true;
    const running = await start(counter, { folder });
    await expect(running.query(Value({ counter: 'a' }))).rejects.toMatchObject({
      code: 'read-model-failed',
      isServing: false,
    });
    await running.query(Total({}));
    expect(await running.health()).toMatchObject({
      ready: false,
      problems: [expect.stringContaining('values stopped at position 1')],
    });
    (globalThis as { poisoned?: boolean }).poisoned = false;
    await running.resume('values');
    expect((await running.query(Value({ counter: 'poison' }))).result).toMatchObject({ value: 1 });
    expect(await running.health()).toEqual({ ready: true, problems: [] });
    await running.close();
  });

  it.each([
    ['on one thread', {}],
    ['in worker threads', { module: fixture }],
  ])('warns once of a read model whose handler failed, %s', async (_, options) => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const running = await start(counter, { folder, ...options });
    await receiptOf(running, 'always-poison', 1);
    const after = await receiptOf(running, 'a', 1);
    expect((await running.query(Total({}), { after })).result).toBe(2);
    await expect(running.query(Value({ counter: 'a' }), { after })).rejects.toMatchObject({
      code: 'read-model-failed',
    });
    await running.close();
    expect(warned.mock.calls).toEqual([
      [
        expect.stringContaining('Read model values stopped at Raised (position 1): poisoned'),
        { code: 'CARILLON_READ_MODEL_FAILED', detail: expect.stringContaining('counter.fixture') },
      ],
    ]);
    warned.mockRestore();
  });
});
