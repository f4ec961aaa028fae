import type { Publisher } from 'carillon/relay';

/** Names may hold dots, which NATS reads as the end of a part of a subject. No name holds `~`. */
function part(name: string): string {
  return name.replaceAll('.', '~');
}

/**
 * The stream that keeps what a module publishes: `shop-ordering`. Where the system's name holds a dash, it ends with `+`: `my-shop+ordering`.
 * No two modules have the same one.
 */
export function streamName({ system, module }: Publisher): string {
  return `${part(system)}${system.includes('-') ? '+' : '-'}${part(module)}`;
}

/** Everything that a module publishes: `shop.ordering.>`. */
export function allSubjects({ system, module }: Publisher): string {
  return `${part(system)}.${part(module)}.>`;
}

/** Where events of one type are published: `shop.ordering.OrderPlaced`. */
export function subjectOf({ system, module }: Publisher, type: string): string {
  return `${part(system)}.${part(module)}.${type}`;
}

/** The durable consumer of a service: `shop-payment`. */
export function consumerName(subscriber: string): string {
  return part(subscriber);
}

/** Where the services that host a module answer for it. Beside all streams: names of systems begin with a letter. */
export function replaySubject({ system, module }: Publisher): string {
  return `_CARILLON.replay.${part(system)}.${part(module)}`;
}
