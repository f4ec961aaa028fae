import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Closing } from './closing.js';

const never = () => new Promise<void>(() => undefined);

describe('closing', () => {
  it('leaves alone what does not end in time, and still closes what comes after it', async () => {
    const closed: string[] = [];
    const closing = new Closing(20);
    await closing.end('hangs', never);
    await closing.end('hangs, too', never);
    await closing.end('ends', async () => {
      await sleep(1);
      closed.push('ends');
    });
    await closing.end('is not there', () => undefined);
    expect([closing.unfinished, closed]).toEqual([['hangs', 'hangs, too'], ['ends']]);
    closing.check();
  });

  it('closes what comes after something that fails, and then says so', async () => {
    const closed: string[] = [];
    const closing = new Closing(undefined);
    await closing.end('fails', () => Promise.reject(new Error('no')));
    await closing.end('ends', async () => closed.push('ends'));
    expect([closing.unfinished, closed]).toEqual([[], ['ends']]);
    expect(() => closing.check()).toThrow('no');
  });
});
