import { maxForeignBytes, maxForeignEvents } from './log-schema.js';

/**
 * `append_batch` as it is since: a batch that its writer has given up is refused, however late it arrives; nothing is appended where the log
 * was set back; what others have appended is limited in bytes, too; and plans are kept.
 */
export const appendSchema = `
-- Appends a batch right after the head, or nothing. Where others have appended since the position that the writer knows as the head, it
-- is appended only if none of that has one of the watched tags or types, and what they have appended is returned, if it is not too much.
-- Nothing is appended if the head is before that position: then this is not the database that the writer knows.
-- Each batch of a writer has a higher number than the one before; batches without a number (0) are not fenced.
-- Plans are made when the log is small, and kept: so scanning it is forbidden. Left to itself the server would make them anew at each call,
-- because it cannot know that what others have appended since is little: that took a quarter of a millisecond.
-- Rows are separated by U+001F, tags by U+001E, which no JSON text contains; a column may be left empty: version 1, no metadata, no id.
CREATE OR REPLACE FUNCTION {schema}.append_batch(
  expected bigint, by_writer text, batch_number bigint,
  types text, versions text, tag_lists text, datas text, metadatas text, ids text, times text,
  watched_tags text, watched_types text,
  OUT head bigint, OUT is_written boolean,
  OUT foreign_types text, OUT foreign_versions text, OUT foreign_tag_lists text, OUT foreign_datas text, OUT foreign_metadatas text,
  OUT foreign_ids text, OUT foreign_times text
) LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $body$
DECLARE
  added bigint;
BEGIN
  SELECT position INTO head FROM {schema}.log_head FOR UPDATE;
  is_written := head = expected;
  IF NOT is_written THEN
    IF head < expected OR head - expected > ${maxForeignEvents} OR (
      SELECT sum(pg_column_size(data) + coalesce(pg_column_size(metadata), 0)) > ${maxForeignBytes}
      FROM {schema}.events WHERE position > expected AND position <= head
    ) THEN
      RETURN;
    END IF;
    is_written := watched_tags IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM {schema}.events, unnest(tags) AS tag WHERE position > expected AND position <= head
          -- The coalesce keeps the planner from a join: it shall look each tag up in a table of hashes.
          AND coalesce(tag IN (SELECT unnest(string_to_array(watched_tags, E'\\x1f'))), false)
      )
      AND (watched_types = '' OR NOT EXISTS (
        SELECT FROM {schema}.events WHERE position > expected AND position <= head
          AND type = ANY (string_to_array(watched_types, E'\\x1f'))
      ));
    SELECT string_agg(type, E'\\x1f'), string_agg(version::text, E'\\x1f'), string_agg(array_to_string(tags, E'\\x1e'), E'\\x1f'),
      string_agg(data::text, E'\\x1f'), string_agg(coalesce(metadata::text, ''), E'\\x1f'), string_agg(coalesce(id, ''), E'\\x1f'),
      string_agg((date_part('epoch', recorded_at) * 1000)::bigint::text, E'\\x1f')
    INTO foreign_types, foreign_versions, foreign_tag_lists, foreign_datas, foreign_metadatas, foreign_ids, foreign_times
    FROM (SELECT * FROM {schema}.events WHERE position > expected AND position <= head ORDER BY position) AS appended;
    IF NOT is_written THEN
      RETURN;
    END IF;
  END IF;
  INSERT INTO {schema}.events (position, type, version, tags, data, metadata, id, recorded_at)
  SELECT head + n, type, coalesce(version::integer, 1), coalesce(string_to_array(tag_list, E'\\x1e'), '{}'), data::json,
    nullif(metadata, '')::json, nullif(id, ''), to_timestamp(at_ms::double precision / 1000)
  FROM unnest(
    string_to_array(types, E'\\x1f'), string_to_array(versions, E'\\x1f'), string_to_array(tag_lists, E'\\x1f'),
    string_to_array(datas, E'\\x1f'), string_to_array(metadatas, E'\\x1f'), string_to_array(ids, E'\\x1f'),
    string_to_array(times, E'\\x1f')
  ) WITH ORDINALITY AS sent (type, version, tag_list, data, metadata, id, at_ms, n);
  GET DIAGNOSTICS added = ROW_COUNT;
  UPDATE {schema}.log_head SET position = head + added;
  INSERT INTO {schema}.writers (writer, batch, first, last) VALUES (by_writer, batch_number, head + 1, head + added)
  ON CONFLICT (writer) DO UPDATE
    SET batch = excluded.batch, first = excluded.first, last = excluded.last, written_at = excluded.written_at
    WHERE writers.batch < excluded.batch OR excluded.batch = 0;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Batch % of % is not wanted any more: its writer gave it up.', batch_number, by_writer;
  END IF;
END
$body$;
`;
