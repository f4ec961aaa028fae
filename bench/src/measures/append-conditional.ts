import { openSqliteLog } from 'carillon/log';
import { inFlight, type Measure, perSecond } from '../measure.js';
import { rawInserts } from '../raw-sqlite.js';
import { sampleEvent } from '../sample.js';

const appends = 60_000;

/** Single-event appends, 1,000 at a time, each on the condition that nothing has its tag. */
export const appendConditional: Measure = {
  id: 'append-conditional',
  title: 'conditional appends of one event, 1,000 in flight',
  unit: 'appends/s',
  goals: [{ atLeast: 60_000 }, { of: 'raw insert, same batches', atLeast: 0.4 }],
  async run(bench) {
    const events = Array.from({ length: appends }, (_, index) => sampleEvent(`e${index}`, index));
    const log = await openSqliteLog({ folder: bench.folder() });
    let commits = 0;
    log.onAppend(() => commits++);
    const value = await perSecond(appends, () =>
      inFlight(appends, 1_000, (index) => {
        const event = events[index]!;
        return log.append([event], { failIfEventsMatch: { items: [{ tags: [event.tags[0]!] }] } });
      }),
    );
    await log.close();
    const batch = Math.max(1, Math.round(appends / commits));
    return { value, ratios: { 'raw insert, same batches': value / rawInserts(bench.folder(), events, batch) } };
  },
};
