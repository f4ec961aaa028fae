import { EventStore, EventType } from '@castore/core';
import { InMemoryEventStorageAdapter } from '@castore/event-storage-adapter-in-memory';
import { inFlight, perSecond } from '../measure.js';
import { sampleData } from '../sample.js';

// As https://castore-dev.github.io/castore/ says: event types, a reducer, an adapter; an aggregate for each entity.

/** Appends of one event a second, each to an aggregate of its own, in memory. */
export async function castoreAppends(count: number, concurrency: number): Promise<number> {
  const store = new EventStore({
    eventStoreId: 'MOVES',
    eventTypes: [new EventType({ type: 'MOVED' })],
    reducer: (
      aggregate: { aggregateId: string; version: number },
      event: { aggregateId: string; version: number },
    ) => ({
      ...aggregate,
      aggregateId: event.aggregateId,
      version: event.version,
    }),
    eventStorageAdapter: new InMemoryEventStorageAdapter({}),
  });
  return perSecond(count, () =>
    inFlight(count, concurrency, (index) =>
      store.pushEvent({
        aggregateId: `e${index}`,
        version: 1,
        type: 'MOVED',
        timestamp: new Date().toISOString(),
        payload: sampleData(`e${index}`, index),
      } as never),
    ),
  );
}
