import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { inFlight, perSecond } from '../measure.js';
import { sampleData } from '../sample.js';

// As https://event-driven-io.github.io/emmett/getting-started.html says: a stream for each entity, an expected version.

/** Appends of one event a second, each to a stream of its own that must not exist. */
export async function emmettAppends(connectionString: string, count: number, concurrency: number): Promise<number> {
  const store = getPostgreSQLEventStore(connectionString);
  await store.schema.migrate();
  const label = `append-${performance.now()}`;
  const result = await perSecond(count, () =>
    inFlight(count, concurrency, (index) =>
      store.appendToStream(`${label}-${index}`, [{ type: 'Moved', data: sampleData(`e${index}`, index) }], {
        expectedStreamVersion: 'STREAM_DOES_NOT_EXIST',
      }),
    ),
  );
  await store.close();
  return result;
}

/** Folds of streams of 20 events a second. */
export async function emmettFolds(connectionString: string, count: number, concurrency: number): Promise<number> {
  const store = getPostgreSQLEventStore(connectionString);
  await store.schema.migrate();
  const label = `fold-${performance.now()}`;
  const entities = 100;
  await inFlight(entities, concurrency, (entity) =>
    store.appendToStream(
      `${label}-${entity}`,
      Array.from({ length: 20 }, (_, index) => ({ type: 'Moved' as const, data: sampleData(`e${entity}`, index) })),
    ),
  );
  const result = await perSecond(count, () =>
    inFlight(count, concurrency, (index) =>
      store.aggregateStream(`${label}-${index % entities}`, {
        evolve: (sum: number, event: { type: 'Moved'; data: { amount: number } }) => sum + event.data.amount,
        initialState: () => 0,
      }),
    ),
  );
  await store.close();
  return result;
}
