import type { EncodedEvent, StoredEvent } from 'carillon/adapters';
import { originalText, rowSeparator, storedText, tagSeparator } from './event-text.js';

/** A row of the log as `eventColumns` selects it. */
export type EventRow = readonly [
  position: number,
  type: string,
  version: number,
  tags: string,
  data: string,
  metadata: string | null,
  id: string | null,
  recordedAtMs: number,
];

/** The columns of an event: numbers as float8, which the driver gives as numbers, and JSON as the text that it is. */
export const eventColumns = `position::float8, type, version, array_to_string(tags, E'\\x1e'), data::text, metadata::text, id,
  (extract(epoch FROM recorded_at) * 1000)::float8`;

/** The event of a row. */
export function storedEvent([position, type, version, tags, data, metadata, id, recordedAtMs]: EventRow): StoredEvent {
  return {
    position,
    type: originalText(type),
    version,
    tags: tags === '' ? '[]' : JSON.stringify(tags.split(tagSeparator).map(originalText)),
    data,
    metadata,
    givenId: id === null ? null : originalText(id),
    recordedAtMs: Math.round(recordedAtMs),
  };
}

/** Events as the parameters of `append_batch`. */
export function batchParameters(events: readonly EncodedEvent[]): string[] {
  return [
    join(events, ({ type }) => storedText(type)),
    join(events, ({ version }) => String(version)),
    join(events, ({ tags }) => (tags === '[]' ? '' : joinedTags(tags))),
    join(events, ({ data }) => data),
    join(events, ({ metadata }) => metadata ?? ''),
    join(events, ({ givenId }) => (givenId === null ? '' : storedText(givenId))),
    join(events, ({ recordedAtMs }) => String(recordedAtMs)),
  ];
}

function joinedTags(json: string): string {
  return (JSON.parse(json) as string[]).map(storedText).join(tagSeparator);
}

function join(events: readonly EncodedEvent[], text: (event: EncodedEvent) => string): string {
  return events.map(text).join(rowSeparator);
}
