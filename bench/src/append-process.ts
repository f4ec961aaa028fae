// Appends to a log in PostgreSQL when it is told to, and says when it has.
import { openPostgresLog } from '@carillon/postgres';
import { appendEach } from './measures/postgres.js';

const [url, schema, name] = process.argv.slice(2) as [string, string, string];
const log = await openPostgresLog({ url, schema });
await appendEach(log, `${name}-warm`, 60_000, 256);
process.on('message', async ([count, concurrency]: [number, number]) => {
  await appendEach(log, name, count, concurrency);
  process.send?.('done');
  await log.close();
  process.disconnect?.();
});
process.send?.('ready');
