import { mkdtempSync, rmSync } from 'node:fs';
import { start } from 'carillon/runtime';
import bank, { Deposit, deposit } from '../account.js';
import { inFlight } from '../measure.js';

/** What is profiled: 150,000 commands on distinct accounts, 256 in flight. */
const folder = mkdtempSync(process.argv[2]!);
const running = await start(bank, { folder, module: new URL('../account.js', import.meta.url) });
await inFlight(150_000, 256, (index) => running.execute(Deposit(deposit(`a${index}`, index))));
await running.close();
rmSync(folder, { recursive: true });
process.exit();
