import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problemOfRelay } from '../runtime/relay-status.js';
import { type AtWork, Link } from './link.js';
import { Links, statusOf } from './links.js';
import { relayWarnings } from './relay-warning.js';

let said: string[];
let awayMs: number;
let link: Link;
let one: AtWork;

beforeEach(() => {
  said = [];
  awayMs = 0;
  vi.useFakeTimers();
  vi.spyOn(process, 'emitWarning').mockImplementation((text) => void said.push(String(text)));
  link = new Link({ name: 'a broker', awayMs: () => awayMs });
  one = { direction: 'relay', module: 'desk', links: [link], position: () => 3 };
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const trouble = () => statusOf(one).trouble;

describe('a relay that cannot go on', () => {
  it('says for how long and why, and is in order again when it has worked for a while', () => {
    expect(statusOf(one)).toEqual({ direction: 'relay', module: 'desk', position: 3, trouble: undefined });
    link.failed(new Error('no answer.'));
    vi.advanceTimersByTime(3_000);
    link.failed('refused');
    expect(trouble()).toEqual({ forMs: 3_000, message: 'refused' });
    link.works();
    vi.advanceTimersByTime(5_000);
    link.failed('refused');
    expect(trouble()?.forMs).toBe(8_000);
    link.works();
    vi.advanceTimersByTime(7_001);
    expect(trouble()).toBeUndefined();
  });

  it('is a problem for operators after ten seconds', () => {
    link.failed('no answer');
    vi.advanceTimersByTime(9_999);
    expect(problemOfRelay(statusOf(one))).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(problemOfRelay(statusOf(one))).toBe(
      'The relay of module desk has sent nothing for 10 s: no answer. Its events wait in the log.',
    );
    expect(problemOfRelay({ ...statusOf(one), direction: 'inbox' })).toBe(
      'The inbox for events of module desk has got nothing for 10 s: no answer. They come in when that is over.',
    );
  });

  it('is warned of once, though it has nothing to do and only the broker is away, and once when it goes on', async () => {
    const links = new Links(relayWarnings('a broker'));
    const end = links.watch(one, async () => undefined);
    for (let seconds = 0; seconds < 120; seconds++) {
      awayMs += 1_000;
      vi.advanceTimersByTime(1_000);
    }
    expect(links.status()).toEqual([
      {
        direction: 'relay',
        module: 'desk',
        position: 3,
        trouble: { forMs: 120_000, message: 'a broker is out of reach' },
      },
    ]);
    awayMs = 0;
    vi.advanceTimersByTime(4_000);
    expect(said).toEqual([
      'The relay of module desk waits, and tries again (a broker): a broker is out of reach',
      'The relay of module desk goes on again (a broker).',
    ]);
    await end();
    expect([links.status(), vi.getTimerCount()]).toEqual([[], 0]);
  });
});
