import { segmentEvents } from './log-schema.js';

/**
 * The index of tags and types by their hashes, written in pieces by the processes that append, in the place of one that the server made out of
 * the events, a segment at a time. It is empty at first: whoever opens the log next fills it.
 */
export const indexSchema = `
DROP FUNCTION {schema}.index_segment();
DROP TABLE {schema}.postings;
CREATE TABLE {schema}.postings (
  hash integer NOT NULL,
  segment integer NOT NULL,
  offsets bytea NOT NULL,
  PRIMARY KEY (hash, segment)
);
COMMENT ON TABLE {schema}.postings IS
  'Where types and tags, by their hashes, may occur: position = segment × ${segmentEvents} + 1 + offset, of two bytes each. Written behind the log, a segment at a time';

ALTER TABLE {schema}.log_index ADD COLUMN written integer NOT NULL DEFAULT 0;
ALTER TABLE {schema}.log_index SET (fillfactor = 10);
UPDATE {schema}.log_index SET segments = 0;
COMMENT ON TABLE {schema}.log_index IS 'How many segments of the log have their part of the index, and how many rows of the next are written';

-- Writes some rows of the index of the next segment, unless others have written them: what the index of a segment consists of follows from its
-- events, so anybody can go on where somebody else stopped. Returns what is written then. Only the last of a segment waits for the disk, and
-- takes the others with it.
CREATE FUNCTION {schema}.index_postings(
  of_segment integer, from_row integer, hashes integer[], offset_lists text, is_last boolean,
  OUT segments integer, OUT written integer
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $body$
BEGIN
  SELECT found.segments, found.written INTO segments, written FROM {schema}.log_index AS found FOR UPDATE;
  IF segments <> of_segment OR written <> from_row THEN
    RETURN;
  END IF;
  INSERT INTO {schema}.postings (hash, segment, offsets)
  SELECT hash, of_segment, decode(list, 'hex') FROM unnest(hashes, string_to_array(offset_lists, ' ')) AS sent (hash, list);
  IF is_last THEN
    segments := segments + 1;
    written := 0;
  ELSE
    written := written + cardinality(hashes);
    PERFORM set_config('synchronous_commit', 'off', true);
  END IF;
  UPDATE {schema}.log_index SET segments = index_postings.segments, written = index_postings.written;
END
$body$;
`;
