// Run by crash.test.ts in a process of its own: appends to the log in a folder as fast as it can, and prints the
// positions of every append that returned. It goes on until it is killed.
import { openSqliteLog } from '../src/log/sqlite/sqlite-log.js';

const [folder = '', run = ''] = process.argv.slice(2);
const log = await openSqliteLog({ folder, segmentEvents: 50 });
process.stdout.write('open\n');

async function appendForever(client: number): Promise<never> {
  for (let n = 0; ; n++) {
    const count = 1 + ((n + client) % 5);
    const key = `${run}-${client}-${n}`;
    const events = Array.from({ length: count }, (_, part) => ({
      type: `Type${(n + part) % 4}`,
      version: 1,
      data: { key, part, count },
      tags: [`key:${key}`, `client:${client}`],
    }));
    const { first, last } = await log.append(events, { failIfEventsMatch: { items: [{ tags: [`key:${key}`] }] } });
    process.stdout.write(`${first} ${last} ${key}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, client) => appendForever(client)));
