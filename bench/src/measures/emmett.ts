import { openSqliteLog } from 'carillon/log';
import { Audit, Deposited, deposit } from '../account.js';
import { inFlight, type Measure, perSecond } from '../measure.js';
import { emmettAppends, emmettFolds } from '../peers/emmett-postgres.js';
import { sampleEvent } from '../sample.js';
import { caughtUp, startBank } from './commands.js';

/** Concurrent conditional appends of one event, 50 in flight, each to an entity of its own. */
export const vsEmmettAppend: Measure = {
  id: 'vs-emmett-append',
  title: 'conditional appends, 50 in flight, against Emmett on PostgreSQL',
  unit: 'appends/s',
  goals: [{ of: 'Emmett on PostgreSQL', atLeast: 25 }],
  async run(bench) {
    const log = await openSqliteLog({ folder: bench.folder() });
    const value = await perSecond(30_000, () =>
      inFlight(30_000, 50, (index) => {
        const event = sampleEvent(`e${index}`, index);
        return log.append([event], { failIfEventsMatch: { items: [{ tags: [event.tags[0]!] }] } });
      }),
    );
    await log.close();
    return {
      value,
      ratios: { 'Emmett on PostgreSQL': value / (await emmettAppends(await bench.postgres(), 3_000, 50)) },
    };
  },
};

/** Folds of entities of 20 events: as decisions make them, and read from the log each time. */
export const vsEmmettFold: Measure = {
  id: 'vs-emmett-fold',
  title: 'decisions on entities of 20 events, against Emmett on PostgreSQL',
  unit: 'folds/s',
  goals: [{ of: 'Emmett on PostgreSQL', atLeast: 20 }],
  async run(bench) {
    const accounts = 500;
    const running = await startBank(bench);
    for (let index = 0; index < 20; index++) {
      const deposits = Array.from({ length: accounts }, (_, account) => Deposited(deposit(`a${account}`, index)));
      await running.log.append(deposits);
    }
    await caughtUp(running);
    const decided = await perSecond(100_000, () =>
      inFlight(100_000, 50, async (index) => {
        const receipt = await running.execute(Audit({ account: `a${index % accounts}` }));
        if (receipt.rejected) throw new Error(receipt.code);
      }),
    );
    const read = await perSecond(20_000, () =>
      inFlight(20_000, 50, async (index) => {
        const query = { items: [{ types: ['Deposited'], tags: [`account:a${index % accounts}`] }] };
        const { events } = await running.log.load([{ query, after: 0 }]);
        let sum = 0;
        for (const event of events[0]!) sum += (event.data as { amount: number }).amount;
        if (events[0]!.length !== 20) throw new Error(`${events[0]!.length} events, sum ${sum}`);
      }),
    );
    await running.close();
    const emmett = await emmettFolds(await bench.postgres(), 3_000, 50);
    return {
      value: decided,
      ratios: { 'Emmett on PostgreSQL': decided / emmett, 'Emmett, no state kept in memory': read / emmett },
    };
  },
};
