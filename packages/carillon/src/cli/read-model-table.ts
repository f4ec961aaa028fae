import Table from 'cli-table3';
import type { BuildProgress, ReadModelStatus } from '../runtime/running-application.js';
import { duration } from './numbers.js';

/** The least that is left of a name's column, however narrow the terminal. */
const minNameWidth = 10;

/**
 * Read models as a table: where each stands, and next to the log.
 *
 * @param waiting those, by name, that nobody works on
 * @param width how many columns the terminal has; undefined when it is none. Long names are then wrapped to fit.
 */
export function readModelTable(
  statuses: readonly ReadModelStatus[],
  width: number | undefined,
  waiting: ReadonlySet<string> = new Set(),
): string {
  const isBuilding = statuses.some(({ building }) => building !== undefined);
  const head = ['read model', 'version', 'position', 'lag', 'oldest', 'status', ...(isBuilding ? ['being built'] : [])];
  const rows = statuses.map(({ name, version, position, lagEvents, lagMs, status, building }) => [
    name,
    String(version),
    String(position),
    lagEvents === 1 ? '1 event' : `${lagEvents} events`,
    lagEvents === 0 ? '–' : duration(lagMs),
    status === 'building' && waiting.has(name) ? 'waits' : status,
    ...(isBuilding ? [building === undefined ? '–' : progressOf(building, waiting.has(name))] : []),
  ]);
  // Each cell has a space on either side, and a line before it; one more line ends the row.
  const widths = head.map((title, column) => 2 + Math.max(...[title, ...rows.map((row) => row[column]!)].map(length)));
  const others = widths.slice(1).reduce((sum, one) => sum + one + 1, 2);
  const nameWidth = width === undefined ? widths[0]! : Math.min(widths[0]!, Math.max(minNameWidth, width - others));
  const table = new Table({
    head,
    colWidths: [nameWidth],
    style: { head: [], border: [] },
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  table.push(...rows);
  return table.toString();
}

/** How far it has got, and how long it will take. */
function progressOf({ position, share, remainingMs, failure }: BuildProgress, isWaiting: boolean): string {
  const percent = `${Math.floor(share * 100)} %, at ${position}`;
  if (failure !== undefined) return `${percent}, stopped`;
  if (isWaiting) return `${percent}, waits`;
  return remainingMs === undefined ? percent : `${percent}, about ${duration(remainingMs)} left`;
}

function length(text: string): number {
  return text.length;
}
