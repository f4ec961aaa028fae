import postgres from 'postgres';
import { perSecond } from './measure.js';
import { sampleEvent } from './sample.js';

const separator = '\u001f';

/**
 * Events a second of plain tables, so many in each statement, each statement a transaction: a row for each event, and, where its tags are to be
 * found, a row for each of them.
 */
export async function rawPostgres(
  url: string,
  count: number,
  { eventsPerStatement, findsTags }: { readonly eventsPerStatement: number; readonly findsTags: boolean },
): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const schema = `raw_${Date.now()}`;
  await sql.unsafe(
    `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.events (position bigint PRIMARY KEY, type text COLLATE "C" NOT NULL,
     version integer NOT NULL, tags text[] COLLATE "C" NOT NULL, data json NOT NULL, metadata json, id text COLLATE "C",
     recorded_at timestamptz(3) NOT NULL);
     CREATE TABLE ${schema}.tags (tag text COLLATE "C", position bigint, PRIMARY KEY (tag, position))`,
  );
  const events = `INSERT INTO ${schema}.events SELECT position, type, 1, string_to_array(tags, E'\\x1e'), data::json, NULL, NULL, now() FROM sent`;
  const tags = `INSERT INTO ${schema}.tags SELECT tag, position FROM sent, unnest(string_to_array(tags, E'\\x1e')) AS tag`;
  const statement = `WITH sent AS (
      SELECT $1::bigint + n AS position, type, tags, data
      FROM unnest(string_to_array($2, E'\\x1f'), string_to_array($3, E'\\x1f'), string_to_array($4, E'\\x1f'))
      WITH ORDINALITY AS row (type, tags, data, n)
    ) ${findsTags ? `, written AS (${events}) ${tags}` : events}`;
  const insert = (first: number) => {
    const batch = Array.from({ length: eventsPerStatement }, (_, n) => sampleEvent(`e${first + n}`, first + n));
    return sql.unsafe(
      statement,
      [
        first,
        batch.map(({ type }) => type).join(separator),
        batch.map((event) => event.tags.join('\u001e')).join(separator),
        batch.map(({ data }) => JSON.stringify(data)).join(separator),
      ],
      { prepare: true },
    );
  };
  for (let n = 1; n <= 5; n++) await insert(-n * eventsPerStatement);
  const result = await perSecond(count, async () => {
    for (let first = 0; first < count; first += eventsPerStatement) await insert(first);
  });
  await sql.unsafe(`DROP SCHEMA ${schema} CASCADE`);
  await sql.end();
  return result;
}

/** Drops a schema, and waits until that is on the disk: what a measure leaves behind would be vacuumed while the next one runs. */
export async function dropSchema(url: string, schema: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(`DROP SCHEMA ${schema} CASCADE`);
  await sql.unsafe('CHECKPOINT');
  await sql.end();
}
