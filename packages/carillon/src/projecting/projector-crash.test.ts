import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { memoryLog } from '../log/memory-log.js';
import {
  openMemoryReadDatabase,
  openSqliteReadDatabaseReader,
  openSqliteReadDatabaseWriter,
} from '../read-database/sqlite/open.js';
import { library, libraryEvents } from './library.fixture.js';
import { allRows, caughtUp } from './projecting.fixture.js';
import { Projector } from './projector.js';

const kills = 10;
const count = 60_000;

/** Projects in a process of its own and kills it, `afterCommits` commits and a moment after it began. */
function projectAndKill(file: string, afterCommits: number, delayMs: number): Promise<void> {
  const fixture = fileURLToPath(new URL('./crashing.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, file, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let commits = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line !== 'ready' && ++commits === afterCommits) setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (_, signal) => {
      if (signal === 'SIGKILL') resolve();
      else reject(new Error(`The process ended by itself after ${commits} commits.`));
    });
  });
}

it(`counts every event once, killed ${kills} times in the middle of projecting`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-crash-'));
  const file = join(folder, 'read.db');
  const positions: number[] = [];
  for (let n = 0; n < kills; n++) {
    await projectAndKill(file, 1 + (n % 2), (n * 7) % 23);
    const reader = openSqliteReadDatabaseReader({ file });
    positions.push((await reader.state(library.readModels.get('catalogue')!))!.position);
    await reader.close();
  }
  // Each time it got farther, and it was never done: every kill came in the middle.
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
  expect(positions.at(-1)).toBeLessThan(count);
  expect(positions[0]).toBeGreaterThan(0);

  const log = memoryLog();
  for (let events = libraryEvents(count); events.length > 0; ) await log.append(events.splice(0, 5_000));
  const killed = { writer: openSqliteReadDatabaseWriter({ file }), reader: openSqliteReadDatabaseReader({ file }) };
  const fresh = openMemoryReadDatabase();
  const rows = [];
  for (const { writer, reader } of [killed, fresh]) {
    const projector = new Projector({ application: library, log, database: writer });
    await projector.start();
    await caughtUp(projector, count);
    rows.push(await allRows(library, reader));
    await projector.close();
    await reader.close();
    await writer.close();
  }
  expect(rows[0]).toEqual(rows[1]);
  expect(rows[0]?.['catalogue.titles']?.length).toBeGreaterThan(1_000);
  await log.close();
  rmSync(folder, { recursive: true, force: true });
}, 240_000);
