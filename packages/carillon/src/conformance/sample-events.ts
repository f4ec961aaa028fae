import type { NewEvent, RecordedEvent } from '../definitions/event.js';
import type { Log } from '../log/log.js';
import { allEvents, type LogQuery, type LogQueryItem } from '../log/log-query.js';

/** A small event. */
export function happened(type: string, tags: readonly string[] = [], data: unknown = {}): NewEvent {
  return { type, version: 1, data, tags };
}

/** `count` events of a type whose data are their numbers, from 0. */
export function numbered(type: string, count: number, tags: readonly string[] = []): NewEvent[] {
  return Array.from({ length: count }, (_, n) => happened(type, tags, { n }));
}

/** A query of these items. */
export function any(...items: LogQueryItem[]): LogQuery {
  return { items };
}

/** Every event of the log; at most as many as one read returns. */
export function everything(log: Log): Promise<readonly RecordedEvent[]> {
  return log.read(allEvents);
}

export function positionsOf(events: readonly RecordedEvent[]): number[] {
  return events.map((event) => event.position);
}

export function typesOf(events: readonly RecordedEvent[]): string[] {
  return events.map((event) => event.type);
}

/** 1, 2, 3, … */
export function oneTo(last: number): number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}
