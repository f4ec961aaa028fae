import { setTimeout as pause } from 'node:timers/promises';
import { type RunningApplication, start } from 'carillon/runtime';
import bank, { Deposit, deposit } from '../account.js';
import { type Bench, inFlight, type Measure, median, percentile, perSecond } from '../measure.js';
import { nestCommands } from '../peers/nest-cqrs.js';
import { fsyncDurations } from '../raw-sqlite.js';

/** The application at work on a folder, its projections and queries in threads of their own. */
export async function startBank(bench: Bench) {
  return start(bank, { folder: bench.folder(), module: new URL('../account.js', import.meta.url) });
}

/** Waits until every read model has got to the end of the log. */
export async function caughtUp(running: RunningApplication): Promise<void> {
  while ((await running.readModels()).some(({ lagEvents }) => lagEvents > 0)) await pause(50);
}

/** Commands on distinct entities: validate, decide on two states, append, receipt. */
export const command: Measure = {
  id: 'command',
  title: 'commands on distinct entities, 256 in flight',
  unit: 'commands/s',
  goals: [{ atLeast: 40_000 }],
  async run(bench) {
    const running = await startBank(bench);
    const execute = (index: number) => running.execute(Deposit(deposit(`a${index}`, index)));
    await inFlight(5_000, 256, (index) => execute(1_000_000 + index));
    const value = await perSecond(50_000, () => inFlight(50_000, 256, execute));
    await running.close();
    return { value, ratios: { '@nestjs/cqrs dispatch alone (nothing stored)': value / (await nestCommands(50_000)) } };
  },
};

/** The same on one hot entity: every command depends on the one before. */
export const commandHot: Measure = {
  id: 'command-hot',
  title: 'commands on one entity, 256 in flight',
  unit: 'commands/s',
  goals: [{ atLeast: 15_000 }],
  async run(bench) {
    const running = await startBank(bench);
    const execute = (index: number) => running.execute(Deposit(deposit('hot', index)));
    await inFlight(2_000, 256, execute);
    const value = await perSecond(30_000, () => inFlight(30_000, 256, execute));
    await running.close();
    return { value, ratios: {} };
  },
};

/** One command at a time: how long until the receipt. */
export const commandLatency: Measure = {
  id: 'command-latency',
  title: 'one command at a time, p50',
  unit: 'ms',
  goals: [{ of: 'write + fdatasync', atMost: 1.5 }],
  async run(bench) {
    const running = await startBank(bench);
    const durations: number[] = [];
    const syncs: number[] = [];
    const folder = bench.folder();
    for (let round = 0; round < 20; round++) {
      for (let index = 0; index < 50; index++) {
        const begun = performance.now();
        await running.execute(Deposit(deposit(`a${round}-${index}`, index)));
        durations.push(performance.now() - begun);
      }
      syncs.push(...fsyncDurations(folder, 50));
    }
    await running.close();
    const value = median(durations);
    return {
      value,
      ratios: { 'write + fdatasync': value / median(syncs), 'p99 / p50': percentile(durations, 0.99) / value },
    };
  },
};
