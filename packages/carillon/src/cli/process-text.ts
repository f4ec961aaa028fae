import Table from 'cli-table3';
import type { ProcessHistoryEntry, ProcessView } from '../reacting/process-log.js';

/** A process for people: where it stands, what it waits for, and how it came to that. */
export function processText({ process, key, state, isEnded, timers, history }: ProcessView): string {
  const lines = [`${process} ${key}: ${isEnded ? 'ended' : 'under way'}`, `state: ${JSON.stringify(state)}`];
  for (const { timer, dueAt } of timers) lines.push(`timer: ${timer}, due ${dueAt.toISOString()}`);
  const table = new Table({
    head: ['position', 'when', 'what happened', 'what it decided'],
    colWidths: [null, null, null, 60],
    style: { head: [], border: [] },
    wordWrap: true,
  });
  for (const entry of history) {
    table.push([String(entry.position), entry.recordedAt.toISOString(), happened(entry), decided(entry)]);
  }
  return [...lines, table.toString()].join('\n');
}

function happened({ eventType, data }: ProcessHistoryEntry): string {
  if (eventType === 'carillon:timer-fired') return `timer ${(data as { timer: string }).timer}`;
  if (eventType !== 'carillon:command-rejected') return eventType;
  const { command, code } = data as { command: string; code: string };
  return `${command} rejected: ${code}`;
}

function decided({ decided: decision }: ProcessHistoryEntry): string {
  if (decision === undefined) return '–';
  const { commands, timersSet, timersCancelled, ended } = decision;
  const parts = commands.map(({ command, data }) => `${command} ${JSON.stringify(data)}`);
  for (const { timer, dueAt } of timersSet) parts.push(`timer ${timer} at ${dueAt}`);
  const { length } = timersCancelled;
  if (length > 0) parts.push(`${length} ${length === 1 ? 'timer' : 'timers'} taken back`);
  if (ended) parts.push('end');
  return parts.join('\n');
}
