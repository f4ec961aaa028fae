import type { NewEvent } from '../definitions/event.js';
import { InvalidLogQueryError } from './log-errors.js';

/** One alternative of a query: the type is one of `types` (when given), and every one of `tags` is there (when given). */
export interface LogQueryItem {
  readonly types?: readonly string[];
  readonly tags?: readonly string[];
}

/** Which events are meant: those that match any of the items. Without items: all events. */
export interface LogQuery {
  readonly items: readonly LogQueryItem[];
}

/** Every event. */
export const allEvents: LogQuery = Object.freeze({ items: [] });

/** The most items of one query. */
export const maxQueryItems = 1_000;

/** Whether an event is meant by a query. */
export function matches(query: LogQuery, event: Pick<NewEvent, 'type' | 'tags'>): boolean {
  if (query.items.length === 0) return true;
  for (const item of query.items) if (matchesItem(item, event)) return true;
  return false;
}

/** Whether an event is meant by one alternative of a query. */
export function matchesItem(item: LogQueryItem, event: Pick<NewEvent, 'type' | 'tags'>): boolean {
  const { types, tags } = item;
  if (types !== undefined && types.length > 0 && !types.includes(event.type)) return false;
  if (tags === undefined) return true;
  for (const tag of tags) if (!event.tags.includes(tag)) return false;
  return true;
}

/**
 * Refuses what is no query. An item with neither types nor tags would match every event by accident, so it is refused:
 * say `allEvents` when you mean it.
 *
 * @throws InvalidLogQueryError
 */
export function checkLogQuery(query: LogQuery): void {
  if (!Array.isArray(query?.items)) throw new InvalidLogQueryError('it has no list of items.');
  if (query.items.length > maxQueryItems) {
    throw new InvalidLogQueryError(`it has ${query.items.length} items; at most ${maxQueryItems} are possible.`);
  }
  for (const { types, tags } of query.items) {
    if ((types?.length ?? 0) + (tags?.length ?? 0) === 0) {
      throw new InvalidLogQueryError('an item names neither types nor tags. Use no items at all to mean every event.');
    }
    if (types !== undefined) checkTexts(types);
    if (tags !== undefined) checkTexts(tags);
  }
}

function checkTexts(texts: readonly string[]): void {
  for (const text of texts) {
    if (typeof text !== 'string' || text === '')
      throw new InvalidLogQueryError('types and tags must be non-empty texts.');
  }
}
