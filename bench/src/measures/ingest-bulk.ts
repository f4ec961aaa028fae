import { openSqliteLog } from 'carillon/log';
import { inFlight, type Measure, perSecond } from '../measure.js';
import { rawInserts } from '../raw-sqlite.js';
import { sampleEvent } from '../sample.js';

const batches = 200;
const batchSize = 1_000;

/** Bulk ingest: batches of 1,000, durable, tags and types queryable. */
export const ingestBulk: Measure = {
  id: 'ingest-bulk',
  title: 'bulk ingest, batches of 1,000',
  unit: 'events/s',
  goals: [{ atLeast: 100_000 }, { of: 'raw insert', atLeast: 0.6 }],
  async run(bench) {
    const folder = bench.folder();
    const events = Array.from({ length: batches * batchSize }, (_, index) => sampleEvent(`e${index % 20_000}`, index));
    const log = await openSqliteLog({ folder });
    const value = await perSecond(events.length, () =>
      inFlight(batches, 4, (batch) => log.append(events.slice(batch * batchSize, (batch + 1) * batchSize))),
    );
    await log.close();
    return { value, ratios: { 'raw insert': value / rawInserts(bench.folder(), events, batchSize) } };
  },
};
