import { expect, it } from 'vitest';
import type { IdleReason } from '../runtime/idle.js';
import type { ReadModelStatus } from '../runtime/running-application.js';
import { catchUp } from './catch-up.js';

const limits = { lookIntervalMs: 1, stallMs: 20 };

/** A read model that moves on each time that somebody looks, through these positions of 50. */
function moving(
  positions: readonly number[],
  failure?: ReadModelStatus['failure'],
  isRebuild = false,
  idle?: IdleReason,
) {
  let looks = 0;
  const status = async (name: string): Promise<ReadModelStatus> => {
    const position = positions[Math.min(looks++, positions.length - 1)]!;
    const isStopped = failure !== undefined && position >= failure.position - 1;
    const shared = { name, version: 3, position, head: 50, lagEvents: 50 - position, lagMs: 0 };
    const building =
      isRebuild && position < 50 ? { position, share: 0, remainingMs: 1, failure: undefined } : undefined;
    return {
      ...shared,
      ...{ isServing: true, building },
      status: isStopped ? 'failed' : 'behind',
      failure: isStopped ? failure : undefined,
    };
  };
  return { status, idle: async () => idle };
}

function collected() {
  let text = '';
  return {
    isTTY: false,
    write: (chunk: string | Uint8Array) => {
      text += String(chunk);
      return true;
    },
    text: () => text,
  };
}

it('says how far it is in lines, each tenth once, until all is done', async () => {
  const output = collected();
  const done = await catchUp(moving([0, 3, 5, 6, 25, 26, 50]), 'book', output, limits);
  expect(done.position).toBe(50);
  expect(output.text()).toBe('10 % (5 of 50 events)\n50 % (25 of 50 events)\n100 % (50 of 50 events)\n');
});

it('says nothing when there is nothing to do', async () => {
  const output = collected();
  expect((await catchUp(moving([50]), 'book', output, limits)).position).toBe(50);
  expect(output.text()).toBe('');
});

it('ends with the error of a handler that fails', async () => {
  const failure = { position: 6, eventType: 'Greeted', message: 'unwelcome', failedAt: '2026-01-01T00:00:00.000Z' };
  await expect(catchUp(moving([0, 3, 5], failure), 'book', collected(), limits)).rejects.toMatchObject({
    code: 'read-model-failed',
    message: 'book stopped at position 6 (Greeted): unwelcome',
  });
});

it('does not wait for ever when nobody is at work', async () => {
  await expect(catchUp(moving([0, 4]), 'book', collected(), limits)).rejects.toMatchObject({
    code: 'read-model-stalled',
    message: expect.stringMatching(
      /^book has stood at 4 of 50 for .* see that it has version 3 of book, and start it again\.$/,
    ),
  });
});

it('says at once that nobody is there to do it, and waits where somebody may yet take it', async () => {
  const waitingFor = (idle: IdleReason) =>
    catchUp(moving([0, 4], undefined, true, idle), 'book', collected(), { ...limits, stallMs: 100 });
  await expect(waitingFor('no-worker')).rejects.toMatchObject({
    code: 'read-model-stalled',
    message: 'book waits. No process of the role work runs. Start one that has version 3 of book: then it goes on.',
  });
  await expect(waitingFor('not-taken')).rejects.toMatchObject({
    code: 'read-model-stalled',
    message: expect.stringMatching(
      /^book has stood at 4 of 50 for .* s\. No process of the role work has taken version 3 of book\. Start one/,
    ),
  });
});
