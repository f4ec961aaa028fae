import type { AppendCondition } from 'carillon/log';
import { rowSeparator, storedText } from './event-text.js';

/** What events of others must not have for a batch to be appended behind them, as `append_batch` takes it. */
export type Watched = readonly [tags: string, types: string];

/**
 * What the database watches for the conditions of a batch: of each item of their queries one of its tags, or, where it names none, all
 * of its types. So it may see a conflict where there is none, and never misses one. Undefined when anything at all would be a conflict.
 */
export function watchedFor(conditions: Iterable<AppendCondition>): Watched | undefined {
  const watchedTags = new Set<string>();
  const watchedTypes = new Set<string>();
  for (const { failIfEventsMatch } of conditions) {
    if (failIfEventsMatch.items.length === 0) return undefined;
    for (const { tags = [], types = [] } of failIfEventsMatch.items) {
      if (tags.length > 0) watchedTags.add(storedText(mostTelling(tags)));
      else for (const type of types) watchedTypes.add(storedText(type));
    }
  }
  return [[...watchedTags].join(rowSeparator), [...watchedTypes].join(rowSeparator)];
}

/** The longest tag: of a shop and an order in it the order is likely to have the longer name, and fewer events. */
function mostTelling(tags: readonly string[]): string {
  return tags.reduce((longest, tag) => (tag.length > longest.length ? tag : longest));
}
