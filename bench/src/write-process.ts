// A write process of the bank on PostgreSQL: executes commands when it is told to, and says when it has.
import { postgresStorage } from '@carillon/postgres';
import { start } from 'carillon/runtime';
import bank, { Deposit, deposit } from './account.js';
import { inFlight } from './measure.js';

const [url, schema, name] = process.argv.slice(2) as [string, string, string];
const running = await start(bank, { storage: postgresStorage({ url, schema }), roles: ['write'] });
const execute = (index: number) => running.execute(Deposit(deposit(`${name}-${index}`, index)));
await inFlight(40_000, 256, (index) => execute(1_000_000 + index));
process.on('message', async ([count, concurrency]: [number, number]) => {
  await inFlight(count, concurrency, execute);
  process.send?.('done');
  await running.close();
  process.disconnect?.();
});
process.send?.('ready');
