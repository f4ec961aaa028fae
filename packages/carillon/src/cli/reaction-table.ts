import Table from 'cli-table3';
import type { RecordedReaction } from '../runtime/reaction-admin.js';
import { duration } from './numbers.js';

const plain = { head: [], border: [] };

/** Reactions as a table: where each stands, and next to the log. */
export function reactionTable(reactions: readonly RecordedReaction[]): string {
  const table = new Table({ head: ['reaction', 'kind', 'position', 'lag', 'oldest', 'parked'], style: plain });
  for (const { name, kind, isDeclared, position, lagEvents, lagMs, parked } of reactions) {
    const most = isDeclared || lagEvents === 0 ? '' : '≤ ';
    table.push([
      name,
      kind.replace('-', ' '),
      position === undefined ? 'not started' : String(position),
      most + (lagEvents === 1 ? '1 event' : `${lagEvents} events`),
      lagEvents === 0 ? '–' : most + duration(lagMs),
      parked.length === 0 ? '–' : String(parked.length),
    ]);
  }
  return table.toString();
}

/** What has to be known to read that table, a sentence or two each. */
export function reactionNotes(reactions: readonly RecordedReaction[]): readonly string[] {
  const notes: string[] = [];
  if (reactions.some(({ isDeclared, lagEvents }) => !isDeclared && lagEvents > 0)) {
    notes.push(
      '≤: added while the application ran, or not in it any more. What it is about is not recorded, so some of these events need not be for it.',
    );
  }
  if (reactions.some(({ position }) => position === undefined)) {
    notes.push('Not started here: if another service hosts some of the modules, say with --modules which are here.');
  }
  return notes;
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
      const state = resumeAfter === undefined ? message : decided(resumeAfter === position);
      table.push([name, String(position), eventType, key, parkedAt.toISOString(), String(attempts), state]);
    }
  }
  return table.length === 0 ? undefined : table.toString();
}

/** An operator has decided, and the reaction has not got through with it yet. */
function decided(isSkipped: boolean): string {
  return `${isSkipped ? 'skipped' : 'retried'}: goes on, or will when the application runs`;
}
