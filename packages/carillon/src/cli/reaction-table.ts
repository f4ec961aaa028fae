import Table from 'cli-table3';
import type { RecordedReaction } from '../runtime/reaction-admin.js';
import { duration } from './numbers.js';

const plain = { head: [], border: [] };

/** Reactions as a table: where each stands, and next to the log. */
export function reactionTable(reactions: readonly RecordedReaction[]): string {
  const table = new Table({ head: ['reaction', 'kind', 'position', 'lag', 'oldest', 'parked'], style: plain });
  for (const { name, kind, position, lagEvents, lagMs, parked } of reactions) {
    table.push([
      name,
      kind.replace('-', ' '),
      position === undefined ? 'not started' : String(position),
      lagEvents === 1 ? '1 event' : `${lagEvents} events`,
      lagEvents === 0 ? '–' : duration(lagMs),
      parked.length === 0 ? '–' : String(parked.length),
    ]);
  }
  return table.toString();
}

/** What is parked as a table; undefined when nothing is. */
export function parkedTable(reactions: readonly RecordedReaction[]): string | undefined {
  const table = new Table({
    head: ['reaction', 'position', 'event', 'key', 'since', 'attempts', 'error'],
    colWidths: [null, null, null, null, null, null, 48],
    style: plain,
    wordWrap: true,
  });
  for (const { name, parked } of reactions) {
    for (const { position, eventType, key, parkedAt, attempts, message, resumeAfter } of parked) {
      const state = resumeAfter === undefined ? message : 'is being done again';
      table.push([name, String(position), eventType, key, parkedAt.toISOString(), String(attempts), state]);
    }
  }
  return table.length === 0 ? undefined : table.toString();
}
