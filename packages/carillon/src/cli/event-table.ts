import type { RecordedEvent } from '../definitions/event.js';
import { fitText, padText } from './fit-text.js';

/** How wide the columns before the data are. */
const widths = { position: 10, recordedAt: 19, type: 24 };
const gap = 2;

/**
 * Events as lines of a table: position, time, type and data.
 *
 * @param width how many columns the terminal has, to which lines are cut; undefined when it is none, and all is shown
 */
export function eventTable(width: number | undefined): (events: readonly RecordedEvent[], isFirst: boolean) => string {
  const others = widths.position + widths.recordedAt + widths.type + 3 * gap;
  const rest = width === undefined ? Number.POSITIVE_INFINITY : Math.max(20, width - others);
  const line = (position: string, recordedAt: string, type: string, data: string) =>
    [
      position.padStart(widths.position),
      recordedAt.padEnd(widths.recordedAt),
      width === undefined ? type.padEnd(widths.type) : padText(type, widths.type),
      fitText(data, rest),
    ].join(' '.repeat(gap));
  return (events, isFirst) => {
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
