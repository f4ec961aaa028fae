import type { RecordedEvent } from 'carillon';

/**
 * What happened in several services as one sequence, with positions of its own: each event once, after all that its service knew
 * then.
 */
export function causalOrder(logs: readonly (readonly RecordedEvent[])[]): RecordedEvent[] {
  const order: RecordedEvent[] = [];
  const seen = new Set<string>();
  const next = logs.map(() => 0);
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    logs.forEach((log, n) => {
      for (let event = log[next[n] as number]; event !== undefined; event = log[next[n] as number]) {
        const isForeign = event.metadata['origin'] !== undefined;
        if (isForeign && !seen.has(event.id)) break;
        if (!isForeign) {
          seen.add(event.id);
          order.push({ ...event, position: order.length + 1 });
        }
        next[n] = (next[n] as number) + 1;
        isMoving = true;
      }
    });
  }
  logs.forEach((log, n) => {
    const event = log[next[n] as number];
    if (event !== undefined) throw new Error(`${event.type} ${event.id} came in, and no service has published it.`);
  });
  return order;
}
