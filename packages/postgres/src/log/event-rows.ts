import type { EncodedEvent, EventCodec, StoredEvent } from 'carillon/adapters';
import { escapeMark, originalText, rowSeparator, storedText, tagSeparator } from './event-text.js';
import { maxForeignBytes } from './log-schema.js';

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
  date_part('epoch', recorded_at) * 1000`;

/**
 * A page of the events after position $1, in order, $2 at the most and not too many bytes. It is empty only if there are none.
 *
 * @param schema quoted
 */
export function followingEvents(schema: string): string {
  return `SELECT ${eventColumns} FROM (
    SELECT *, sum(pg_column_size(data) + coalesce(pg_column_size(metadata), 0)) OVER (ORDER BY position) AS bytes
    FROM (SELECT * FROM ${schema}.events WHERE position > $1 ORDER BY position LIMIT $2) AS next
  ) AS page WHERE bytes <= ${maxForeignBytes} OR position = $1::bigint + 1 ORDER BY position`;
}

/** The event of a row. */
export function storedEvent(row: EventRow): StoredEvent {
  return storedAs(row, tagsIn(row[3]));
}

/** The event of a row as it is kept in memory. */
export function encodedEvent(row: EventRow, codec: EventCodec): EncodedEvent {
  const tags = tagsIn(row[3]);
  return codec.restore(storedAs(row, tags), tags);
}

/** What the event of a row is indexed by: the hash of its type, then of each of its tags. */
export function hashesOfRow(type: string, tags: string, hash: EventCodec['hash']): number[] {
  return [hash.ofType(originalText(type)), ...tagsIn(tags).map((tag) => hash.ofTag(tag))];
}

function tagsIn(tags: string): string[] {
  if (tags === '') return [];
  const list = tags.split(tagSeparator);
  return tags.includes(escapeMark) ? list.map(originalText) : list;
}

function storedAs(
  [position, type, version, , data, metadata, id, recordedAtMs]: EventRow,
  tags: string[],
): StoredEvent {
  return {
    position,
    type: originalText(type),
    version,
    tags: tags.length === 0 ? '[]' : JSON.stringify(tags),
    data,
    metadata,
    givenId: id === null ? null : originalText(id),
    recordedAtMs: Math.round(recordedAtMs),
  };
}

/** Events as columns of texts: types, versions, tags, data, metadata, ids and times, as `append_batch` takes and gives them. */
export type EventColumns = readonly [string, string, string, string, string, string, string];

/** Events as the parameters of `append_batch`. A column in which nothing is out of the ordinary is left empty. */
export function batchParameters(events: readonly EncodedEvent[]): EventColumns {
  return [
    join(events, ({ type }) => storedText(type)),
    events.every(({ version }) => version === 1) ? '' : join(events, ({ version }) => String(version)),
    join(events, ({ tags }) => (tags === '[]' ? '' : joinedTags(tags))),
    join(events, ({ data }) => data),
    events.every(({ metadata }) => metadata === null) ? '' : join(events, ({ metadata }) => metadata ?? ''),
    events.every(({ givenId }) => givenId === null)
      ? ''
      : join(events, ({ givenId }) => (givenId === null ? '' : storedText(givenId))),
    join(events, ({ recordedAtMs }) => String(recordedAtMs)),
  ];
}

/** The rows of events that follow on a position, of which `append_batch` tells. */
export function rowsAfter(position: number, columns: EventColumns): EventRow[] {
  const [types, versions, tags, data, metadata, ids, times] = columns.map((column) => column.split(rowSeparator)) as [
    string[],
    string[],
    string[],
    string[],
    string[],
    string[],
    string[],
  ];
  return types.map((type, n) => [
    position + 1 + n,
    type,
    Number(versions[n]),
    tags[n]!,
    data[n]!,
    metadata[n] || null,
    ids[n] || null,
    Number(times[n]),
  ]);
}

/** Where nothing is escaped, quotation marks only delimit the tags, and none of them has a character that is stored differently. */
function joinedTags(json: string): string {
  if (!json.includes('\\')) return json.slice(2, -2).replaceAll('","', tagSeparator);
  return (JSON.parse(json) as string[]).map(storedText).join(tagSeparator);
}

function join(events: readonly EncodedEvent[], text: (event: EncodedEvent) => string): string {
  return events.map(text).join(rowSeparator);
}
