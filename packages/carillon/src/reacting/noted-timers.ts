import type { Log } from '../log/log.js';
import type { QueuedTimer } from './timer-queue.js';
import { processesTag, type TimersNoted, workEvent } from './work-events.js';

/** So many timers are in one event, and so many are noted at most. */
const timersPerPart = 1_000;
const maxNoted = 50_000;

/** The timers of a process manager that waited at a position. */
export interface NotedTimers {
  readonly through: number;
  readonly timers: readonly QueuedTimer[];
}

function notesOf(process: string) {
  return { items: [{ types: ['carillon:timers-noted'], tags: [processesTag(process)] }] };
}

/** Reads what was noted last: nothing was, when the process manager is new or has done little. */
export async function readNotedTimers(log: Pick<Log, 'read'>, process: string): Promise<NotedTimers> {
  const [last] = await log.read(notesOf(process), { backwards: true, limit: 1 });
  if (last === undefined) return { through: 0, timers: [] };
  const { through, parts } = last.data as TimersNoted;
  const notes = await log.read(notesOf(process), { after: last.position - parts, limit: parts });
  const timers = notes.flatMap(({ data }) => (data as TimersNoted).timers);
  return { through, timers: timers.map(({ dueAt, ...timer }) => ({ ...timer, dueAt: new Date(dueAt) })) };
}

/** Notes which timers wait. Does nothing when there are so many that reading the log is not much slower. */
export async function noteTimers(log: Pick<Log, 'append'>, process: string, noted: NotedTimers): Promise<void> {
  const { through, timers } = noted;
  if (timers.length > maxNoted) return;
  const parts = Math.max(1, Math.ceil(timers.length / timersPerPart));
  await log.append(
    Array.from({ length: parts }, (_, part) => {
      const some = timers.slice(part * timersPerPart, (part + 1) * timersPerPart);
      const written = some.map(({ dueAt, ...timer }) => ({ ...timer, dueAt: dueAt.toISOString() }));
      return workEvent('carillon:timers-noted', { process, through, parts, timers: written }, [processesTag(process)]);
    }),
  );
}
