// The shop as six processes, in trouble for a while. `npm run chaos` makes trouble for five minutes.
import { expect, test } from 'vitest';
import { chaos } from '../test-support/chaos/chaos.js';

const seconds = Number(process.env['CARILLON_CHAOS_SECONDS'] ?? 18);
const seed = Number(process.env['CARILLON_CHAOS_SEED'] ?? Math.floor(Math.random() * 1_000_000));

test(`six processes of the shop owe nobody anything after ${seconds} s of trouble (seed ${seed})`, {
  timeout: seconds * 1_000 + 300_000,
}, async () => {
  const { problems, torments, acknowledged, orders } = await chaos({ seconds, seed, withSilence: false });
  expect(problems.slice(0, 10)).toEqual([]);
  expect(acknowledged).toBeGreaterThan(seconds);
  expect(orders).toBeGreaterThan(seconds / 2);
  expect(torments['PostgreSQL restarted']).toBe(1);
  expect(torments['PostgreSQL cut off']).toBe(1);
});
