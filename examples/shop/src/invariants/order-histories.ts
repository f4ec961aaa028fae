import type { DataOf, EventDefinition, RecordedEvent } from 'carillon';

/** What all modules have recorded about one order. */
export class OrderHistory {
  readonly orderId: string;
  readonly #byType = new Map<string, RecordedEvent[]>();

  constructor(orderId: string) {
    this.orderId = orderId;
  }

  add(event: RecordedEvent): void {
    const events = this.#byType.get(event.type);
    if (events === undefined) this.#byType.set(event.type, [event]);
    else events.push(event);
  }

  count(type: EventDefinition<string, any, any>): number {
    return this.#byType.get(type.type)?.length ?? 0;
  }

  /** Where the first of them stands in the log; undefined when there is none. */
  position(type: EventDefinition<string, any, any>): number | undefined {
    return this.#byType.get(type.type)?.[0]?.position;
  }

  /** What the first of them says; undefined when there is none. */
  data<Event extends EventDefinition<string, any, any>>(type: Event): DataOf<Event> | undefined {
    return this.#byType.get(type.type)?.[0]?.data as DataOf<Event> | undefined;
  }
}

/** The histories of all orders, by their ids. */
export function orderHistories(events: readonly RecordedEvent[]): ReadonlyMap<string, OrderHistory> {
  const histories = new Map<string, OrderHistory>();
  for (const event of events) {
    // What reactions and processes note for themselves is not about orders.
    if (event.type.includes(':')) continue;
    const { orderId } = event.data as { readonly orderId?: string };
    if (orderId === undefined) continue;
    let history = histories.get(orderId);
    if (history === undefined) {
      history = new OrderHistory(orderId);
      histories.set(orderId, history);
    }
    history.add(event);
  }
  return histories;
}
