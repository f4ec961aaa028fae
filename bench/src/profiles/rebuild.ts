import { mkdtempSync, rmSync } from 'node:fs';
import { application, module } from '@carillon-examples/library';
import { openSqliteLog } from 'carillon/log';
import { start } from 'carillon/runtime';
import { libraryEvents } from '../library-events.js';

/** What is profiled: the library's read models, built from 300,000 events. */
const folder = mkdtempSync(process.argv[2]!);
const log = await openSqliteLog({ folder });
for (const batch of libraryEvents(300_000)) await log.append(batch);
await log.close();
const running = await start(application, { folder, module });
for (let round = 0; round < 3; round++) await running.rebuild('catalogue');
await running.close();
rmSync(folder, { recursive: true });
process.exit();
