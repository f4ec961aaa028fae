/** Where read models stand, in the schema of the read side. Their tables are made when they are prepared. */
export const readSchema = `
CREATE TABLE {schema}.read_models (
  name text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  position bigint NOT NULL,
  fingerprint text NOT NULL,
  tables text NOT NULL,
  failure text,
  PRIMARY KEY (name, version)
) WITH (fillfactor = 50);
COMMENT ON TABLE {schema}.read_models IS 'Each version of each read model: every event up to its position is in its tables';
COMMENT ON COLUMN {schema}.read_models.tables IS 'What its tables are called in this schema, by their declared names, as JSON';
COMMENT ON COLUMN {schema}.read_models.failure IS 'Why it stopped, when it did, as JSON';
`;

/** Tables are built beside those that serve. What is there serves; when it was begun nobody knows. */
export const buildsSchema = `
ALTER TABLE {schema}.read_models
  ADD COLUMN build integer NOT NULL DEFAULT 1,
  ADD COLUMN status text NOT NULL DEFAULT 'serving' CHECK (status IN ('building', 'serving', 'replaced')),
  ADD COLUMN begun_at timestamptz NOT NULL DEFAULT 'epoch';
ALTER TABLE {schema}.read_models
  ALTER COLUMN begun_at SET DEFAULT now(),
  DROP CONSTRAINT read_models_pkey,
  ADD PRIMARY KEY (name, version, build);
COMMENT ON TABLE {schema}.read_models IS 'Each build of each version of each read model: every event up to its position is in its tables';
COMMENT ON COLUMN {schema}.read_models.status IS 'serving: queries are answered from it; building: it will replace that; replaced: its tables are to be dropped';
`;
