import type { RecordedEvent } from '../definitions/event.js';
import { fitText, padText } from './fit-text.js';

/** How wide the columns before the data are; that of the types at least. */
const widths = { position: 10, recordedAt: 19, type: 24 };
const gap = 2;

/** How much of a line the data has at least. */
const leastData = 20;

/**
 * Events as lines of a table: position, time, type and data.
 *
 * @param width how many columns the terminal has, to which lines are cut; undefined when it is none, and all is shown
 */
export function eventTable(width: number | undefined): (events: readonly RecordedEvent[], isFirst: boolean) => string {
  const rest = (width ?? Number.POSITIVE_INFINITY) - widths.position - widths.recordedAt - 3 * gap;
  // Half of what is left: a long type is no reason to show nothing of the data.
  const widestType = Math.max(widths.type, Math.floor(rest / 2));
  // It only grows, so that most pages stand below the ones before.
  let typeWidth = widths.type;
  const line = (position: string, recordedAt: string, type: string, data: string) =>
    [
      position.padStart(widths.position),
      recordedAt.padEnd(widths.recordedAt),
      width === undefined ? type.padEnd(typeWidth) : padText(type, typeWidth),
      fitText(data, Math.max(leastData, rest - typeWidth)),
    ].join(' '.repeat(gap));
  return (events, isFirst) => {
    typeWidth = Math.min(widestType, Math.max(typeWidth, ...events.map(({ type }) => type.length)));
    const lines = events.map(({ position, recordedAt, type, data }) =>
      line(String(position), recordedAt.toISOString().slice(0, 19).replace('T', ' '), type, JSON.stringify(data)),
    );
    return (isFirst ? [line('position', 'recorded (UTC)', 'type', 'data'), ...lines] : lines).join('\n');
  };
}

/** Events as one JSON object a line. */
export function eventLine(events: readonly RecordedEvent[]): string {
  return events.map((event) => JSON.stringify(event)).join('\n');
}
