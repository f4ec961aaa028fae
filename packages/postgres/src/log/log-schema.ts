/** So many events have one part of the index. Never changed: it is what the stored index is made of. */
export const segmentEvents = 8_192;

/** So many events of others a process takes in at a time: who is farther behind reads them, page by page, before it appends. */
export const maxForeignEvents = 5_000;

/**
 * So many bytes they have at the most, as they are stored. PostgreSQL compresses a text to a ninetieth at the best, so that they stay below
 * the 512 MB that a text may have in the process.
 */
export const maxForeignBytes = 4_194_304;

/**
 * The tables and functions of the log.
 *
 * Positions are gap-free and become visible in order because whoever appends holds the one row of `log_head` until he has committed:
 * nobody can commit a later position before. The index of tags and types is written behind the log, a segment at a time: random
 * inserts into an index for each event would cost more than the log itself. What is here of it, `indexSchema` replaces; `append_batch`
 * is replaced by `appendSchema`.
 */
export const logSchema = `
CREATE TABLE {schema}.log_head (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  position bigint NOT NULL,
  id_seed text NOT NULL,
  hash_seed bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO {schema}.log_head (position, id_seed, hash_seed)
VALUES (0, lpad(to_hex((random() * 4294967295)::bigint), 8, '0'), (random() * 4294967295)::bigint);

CREATE TABLE {schema}.events (
  position bigint PRIMARY KEY,
  type text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  tags text[] COLLATE "C" NOT NULL,
  data json NOT NULL,
  metadata json,
  id text COLLATE "C",
  recorded_at timestamptz(3) NOT NULL
);
COMMENT ON TABLE {schema}.events IS 'The log: never changed, never deleted';
COMMENT ON COLUMN {schema}.events.id IS 'The id that the writer gave; null for the one that follows from time and position';

CREATE TABLE {schema}.postings (
  key text COLLATE "C" NOT NULL,
  segment integer NOT NULL,
  offsets smallint[] NOT NULL,
  PRIMARY KEY (key, segment)
);
COMMENT ON TABLE {schema}.postings IS
  'Where types (type=…) and tags (tag=…) occur: position = segment × ${segmentEvents} + 1 + offset. Written behind the log, a segment at a time';

-- Of each process that appends, its last batch: so that it can find out what became of it when the connection was lost.
CREATE TABLE {schema}.writers (
  writer text PRIMARY KEY,
  batch bigint NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- Appends a batch right after the head, or nothing. Where others have appended since the position that the writer knows as the head, it
-- is appended only if none of that has one of the watched tags or types, and what they have appended is returned, if it is not too much.
-- Plans are made when the log is small, and kept: so scanning it is forbidden.
-- Rows are separated by U+001F, tags by U+001E, which no JSON text contains; a column may be left empty: version 1, no metadata, no id.
CREATE FUNCTION {schema}.append_batch(
  expected bigint, by_writer text, batch_number bigint,
  types text, versions text, tag_lists text, datas text, metadatas text, ids text, times text,
  watched_tags text, watched_types text,
  OUT head bigint, OUT is_written boolean,
  OUT foreign_types text, OUT foreign_versions text, OUT foreign_tag_lists text, OUT foreign_datas text, OUT foreign_metadatas text,
  OUT foreign_ids text, OUT foreign_times text
) LANGUAGE plpgsql SET enable_seqscan = off AS $body$
DECLARE
  added bigint;
BEGIN
  SELECT position INTO head FROM {schema}.log_head FOR UPDATE;
  is_written := head = expected;
  IF NOT is_written THEN
    IF head - expected > ${maxForeignEvents} THEN
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
    SET batch = excluded.batch, first = excluded.first, last = excluded.last, written_at = excluded.written_at;
END
$body$;

-- Writes the index of the next segment that is full, the offsets of a key in any order: nearly every tag is of few events, and sorting them
-- all would cost more than reading them. Returns how many segments have one; null when another process is at it.
CREATE FUNCTION {schema}.index_segment() RETURNS integer LANGUAGE plpgsql AS $body$
DECLARE
  next_segment integer;
  head bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('{schema} index', 0)) THEN
    RETURN NULL;
  END IF;
  SELECT segments INTO next_segment FROM {schema}.log_index;
  SELECT position INTO head FROM {schema}.log_head;
  IF (next_segment + 1) * ${segmentEvents}::bigint > head THEN
    RETURN next_segment;
  END IF;
  INSERT INTO {schema}.postings (key, segment, offsets)
  SELECT key, next_segment, offsets FROM (
    SELECT 'type=' || type AS key, array_agg((position - 1 - next_segment * ${segmentEvents}::bigint)::smallint) AS offsets
    FROM {schema}.events
    WHERE position > next_segment * ${segmentEvents}::bigint AND position <= (next_segment + 1) * ${segmentEvents}::bigint
    GROUP BY type
    UNION ALL
    SELECT 'tag=' || tag, array_agg((position - 1 - next_segment * ${segmentEvents}::bigint)::smallint)
    FROM {schema}.events, unnest(tags) AS tag
    WHERE position > next_segment * ${segmentEvents}::bigint AND position <= (next_segment + 1) * ${segmentEvents}::bigint
    GROUP BY tag
  ) AS found ORDER BY key;
  UPDATE {schema}.log_index SET segments = next_segment + 1;
  RETURN next_segment + 1;
END
$body$;

CREATE TABLE {schema}.log_index (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  segments integer NOT NULL
);
INSERT INTO {schema}.log_index (segments) VALUES (0);
COMMENT ON TABLE {schema}.log_index IS 'How many segments of the log have their part of the index';
`;
