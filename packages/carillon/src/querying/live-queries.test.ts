import { afterEach, describe, expect, it } from 'vitest';
import { serving } from '../../test-support/read-model-state.js';
import { LiveQueries, type LiveQuestion } from './live-queries.js';
import type { RunAnswer } from './query-runner.js';
import { ReadModelPositions } from './read-model-positions.js';

const later = () => new Promise((resolve) => setImmediate(resolve));

/** A question that is answered when the test says so. */
function question(key = 'q') {
  const asked: ((answer: RunAnswer) => void)[] = [];
  const failed: ((error: unknown) => void)[] = [];
  const live: LiveQuestion = {
    key,
    readModel: 'catalogue',
    ask: () =>
      new Promise((resolve, reject) => {
        asked.push(resolve);
        failed.push(reject);
      }),
  };
  const answer = async (result: unknown, position: number, tables = ['titles']) => {
    asked.at(-1)!({ json: JSON.stringify(result), position, hash: String(result), tables });
    await later();
  };
  return { live, asked, failed, answer };
}

/** Everything that a subscription says. */
function listen(live: LiveQueries, asked: LiveQuestion, signal?: AbortSignal) {
  const heard: [unknown, number][] = [];
  const ended = (async () => {
    for await (const { json, position } of live.subscribe(asked, signal)) heard.push([JSON.parse(json), position]);
  })();
  ended.catch(() => undefined);
  return { heard, ended };
}

const positions = new ReadModelPositions([]);
let live = new LiveQueries(positions);
const move = async (position: number, tables = ['titles'], readModel = 'catalogue') => {
  positions.moved({ readModel, tables, ...serving(position) });
  await later();
};
afterEach(() => {
  live.close(new Error('over'));
  live = new LiveQueries(positions);
  positions.moved({ readModel: 'catalogue', tables: [], ...serving(0) });
});

describe('a live query', () => {
  it('is asked again when a table that it read has changed, and answers when the answer has', async () => {
    const q = question();
    const { heard } = listen(live, q.live);
    await later();
    await q.answer('a', 1);
    await move(2, ['copies']);
    await move(3, ['titles'], 'others');
    await move(4, []);
    expect(q.asked.length).toBe(1);
    await move(5);
    expect(q.asked.length).toBe(2);
    await q.answer('a', 5);
    expect(heard).toEqual([['a', 1]]);
    await move(6, ['copies', 'titles']);
    await q.answer('b', 6);
    expect(heard).toEqual([
      ['a', 1],
      ['b', 6],
    ]);
  });

  it('is asked once more, and only once, for all that changes while it is asked', async () => {
    const q = question();
    const { heard } = listen(live, q.live);
    await later();
    for (let position = 1; position <= 50; position++) await move(position);
    expect(q.asked.length).toBe(1);
    await q.answer('a', 1);
    expect(q.asked.length).toBe(2);
    await q.answer('b', 50);
    expect(q.asked.length).toBe(2);
    expect(heard).toEqual([
      ['a', 1],
      ['b', 50],
    ]);
  });

  it('is asked once for all who ask the same', async () => {
    const q = question();
    const first = listen(live, q.live);
    const second = listen(live, question().live);
    await later();
    expect(q.asked.length).toBe(1);
    await q.answer('a', 0);
    const third = listen(live, question().live);
    await later();
    expect([first.heard, second.heard, third.heard]).toEqual([[['a', 0]], [['a', 0]], [['a', 0]]]);
    expect(q.asked.length).toBe(1);
    expect(live.size).toBe(1);
  });

  it('does not answer who comes later with less than the read model has reached', async () => {
    const q = question();
    listen(live, q.live);
    await later();
    await q.answer('a', 1);
    await move(9, ['copies']);
    const { heard } = listen(live, question().live);
    await later();
    expect(heard).toEqual([]);
    await q.answer('a', 9);
    expect(heard).toEqual([['a', 9]]);
  });

  it('keeps only the latest answer for who is slow', async () => {
    const q = question();
    const answers = live.subscribe(q.live);
    const first = answers.next();
    await later();
    await q.answer('a', 1);
    expect((await first).value).toMatchObject({ json: '"a"' });
    for (const [position, result] of [
      [2, 'b'],
      [3, 'c'],
      [4, 'd'],
    ] as const) {
      await move(position);
      await q.answer(result, position);
    }
    expect((await answers.next()).value).toMatchObject({ json: '"d"', position: 4 });
    await move(5);
    await q.answer('e', 5);
    await move(6);
    await q.answer('d', 6);
    const next = answers.next();
    await move(7);
    await q.answer('f', 7);
    expect((await next).value).toMatchObject({ json: '"f"' });
    await answers.return();
    expect(live.size).toBe(0);
  });

  it('ends when its signal is aborted, and with the error when it fails', async () => {
    const abort = new AbortController();
    const q = question();
    const { ended } = listen(live, q.live, abort.signal);
    await later();
    abort.abort();
    await ended;
    expect(live.size).toBe(0);

    const broken = question('broken');
    const failing = listen(live, broken.live);
    await later();
    broken.failed.at(-1)!(new Error('broken'));
    await expect(failing.ended).rejects.toThrow('broken');
    expect(live.size).toBe(0);
  });

  it('leaves room for other queries when very many are asked again', async () => {
    const questions = Array.from({ length: 100 }, (_, i) => question(`q${i}`));
    for (const q of questions) listen(live, q.live);
    await later();
    const asking = () => questions.filter((q) => q.asked.length === 1).length;
    expect(asking()).toBe(8);
    for (const q of questions) await q.answer('a', 1);
    expect(asking()).toBe(100);
  });

  it('refuses more different questions than it can keep track of', async () => {
    for (let i = 0; i < 10_000; i++) listen(live, question(`q${i}`).live);
    await expect(listen(live, question('one too many').live).ended).rejects.toMatchObject({ code: 'overloaded' });
    expect(live.size).toBe(10_000);
  });
});
