import { application as library, module } from '@carillon-examples/library';
import { openSqliteLog } from 'carillon/log';
import { start } from 'carillon/runtime';
import { Balance, Deposit, deposit } from '../account.js';
import { libraryEvents } from '../library-events.js';
import { type Measure, median, percentile } from '../measure.js';
import { caughtUp, startBank } from './commands.js';

/** Rebuild of the library's catalogue from 300,000 events. */
export const rebuild: Measure = {
  id: 'rebuild',
  title: "rebuild of the library's catalogue",
  unit: 'events/s',
  goals: [{ atLeast: 100_000 }],
  async run(bench) {
    const folder = bench.folder();
    const log = await openSqliteLog({ folder });
    for (const batch of libraryEvents(300_000)) await log.append(batch);
    const head = await log.head();
    await log.close();
    const running = await start(library, { folder, module });
    // The other read models of the library catch up first: they share the thread.
    await caughtUp(running);
    const begun = performance.now();
    await running.rebuild('catalogue');
    const value = head / ((performance.now() - begun) / 1_000);
    await running.close();
    return { value, ratios: {} };
  },
};

/** From a receipt to a query's answer that has it, on an idle machine. */
export const receiptToQuery: Measure = {
  id: 'receipt-to-query',
  title: 'from receipt to visible in a query, p99',
  unit: 'ms',
  goals: [{ atMost: 10 }],
  async run(bench) {
    const running = await startBank(bench);
    const durations: number[] = [];
    for (let index = 0; index < 1_000; index++) {
      const receipt = await running.execute(Deposit(deposit('a', index)));
      if (receipt.rejected) throw new Error(receipt.code);
      const begun = performance.now();
      await running.query(Balance({ account: 'a' }), { after: receipt });
      durations.push(performance.now() - begun);
    }
    await running.close();
    const value = percentile(durations, 0.99);
    return { value, ratios: { 'p99 / p50': value / median(durations) } };
  },
};
