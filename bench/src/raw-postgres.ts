import postgres from 'postgres';
import { perSecond } from './measure.js';
import { sampleEvent } from './sample.js';

const separator = '\u001f';

/** Rows a second of a plain table with the same columns and its primary key, so many rows a statement, each statement a transaction. */
export async function rawPostgres(url: string, count: number, rowsPerStatement: number): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const schema = `raw_${Date.now()}`;
  await sql.unsafe(
    `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.events (position bigint PRIMARY KEY, type text COLLATE "C" NOT NULL,
     version integer NOT NULL, tags text[] COLLATE "C" NOT NULL, data json NOT NULL, metadata json, id text COLLATE "C",
     recorded_at timestamptz(3) NOT NULL)`,
  );
  const insert = (first: number) => {
    const events = Array.from({ length: rowsPerStatement }, (_, n) => sampleEvent(`e${first + n}`, first + n));
    return sql.unsafe(
      `INSERT INTO ${schema}.events SELECT $1::bigint + n, type, 1, string_to_array(tags, E'\\x1e'), data::json, NULL, NULL, now()
       FROM unnest(string_to_array($2, E'\\x1f'), string_to_array($3, E'\\x1f'), string_to_array($4, E'\\x1f'))
       WITH ORDINALITY AS row (type, tags, data, n)`,
      [
        first,
        events.map(({ type }) => type).join(separator),
        events.map(({ tags }) => tags.join('\u001e')).join(separator),
        events.map(({ data }) => JSON.stringify(data)).join(separator),
      ],
      { prepare: true },
    );
  };
  for (let n = 1; n <= 5; n++) await insert(-n * rowsPerStatement);
  const result = await perSecond(count, async () => {
    for (let first = 0; first < count; first += rowsPerStatement) await insert(first);
  });
  await sql.unsafe(`DROP SCHEMA ${schema} CASCADE`);
  await sql.end();
  return result;
}
