// Kills the built host (`npm test` builds it) in the middle of imports, and looks at what it left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { application as library } from '@carillon-examples/library';
import { application, module, query, type ReadModelDefinition, type Tables } from 'carillon';
import { allEvents } from 'carillon/log';
import { type RunningApplication, start } from 'carillon/runtime';
import { expect, it } from 'vitest';
import { z } from 'zod';

/** Two libraries at a time, each killed this often: 20 kills in all. */
const kills = 10;
/** More than are imported before this process gets around to the kill. */
const booksPerImport = 50_000;
/** How many events of an import are there when the process is killed. */
const eventsBeforeKill = 100;
/** How many commands of our own are on their way meanwhile. */
const lanes = 16;

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

it.concurrent.for(['one', 'another'])(
  `keeps every acknowledged command, once, through ${kills} kills in the middle of an import: %s library`,
  { timeout: 600_000 },
  async (_, { expect, onTestFinished }) => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'carillon-crash-'));
    onTestFinished(() => rm(dataFolder, { recursive: true }));
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < kills; round++) {
      await importAndKill(dataFolder, round, acknowledged);
      await inspect(dataFolder, acknowledged);
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(kills * lanes);
  },
);

/** Starts the host on an import of books that are new to it, sends commands of our own meanwhile, and kills it. */
async function importAndKill(dataFolder: string, round: number, acknowledged: Map<string, number>): Promise<void> {
  const books = join(dataFolder, `books-${round}.csv`);
  await writeFile(books, csv(10_000 + round * booksPerImport));
  const host = spawn(process.execPath, [main, '--books', books], {
    env: { ...process.env, CARILLON_DATA: dataFolder, PORT: '0', HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let report = '';
  host.stderr.on('data', (text) => (report += text));
  const url = await readUrl(host);
  let first: number | undefined;
  let own = 0;
  const register = async (lane: number) => {
    for (let i = 0; ; i++) {
      const id = `m-${round}-${lane}-${i}`;
      const response = await fetch(`${url}library/commands/RegisterMember`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': id },
        body: JSON.stringify({ memberId: id, name: id, kind: 'adult' }),
      }).catch(() => undefined);
      if (response === undefined) return;
      const { position } = (await response.json().catch(() => ({}))) as { position?: number };
      if (position === undefined) return;
      acknowledged.set(id, position);
      own++;
      first ??= position;
      if (own >= lanes && position - first - own > eventsBeforeKill) host.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => register(lane)));
  if (host.exitCode === null && host.signalCode === null) await once(host, 'exit');
  expect(host.signalCode).toBe('SIGKILL');
  expect(report, 'The import was in its middle').not.toContain('books and');
}

/** Reads `Carillon examples are at http://…` from what the host prints. */
async function readUrl(host: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: host.stdout! })) {
    const url = /^Carillon examples are at (\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('The host ended before it served anything.');
}

async function inspect(dataFolder: string, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const running = await start(inspected, { folder: join(dataFolder, 'library') });
  try {
    await checkLog(running, acknowledged);
    for (const readModel of library.readModels.keys()) {
      const after = await running.log.head();
      const before = await running.answer(dumps.get(readModel)!({}), { after, timeoutMs: 60_000 });
      await running.rebuild(readModel);
      const rebuilt = await running.answer(dumps.get(readModel)!({}), { after });
      expect(before.json === rebuilt.json, `${readModel} is what a rebuild makes it`).toBe(true);
    }
  } finally {
    await running.close();
  }
}

/** No gap, nothing acknowledged that is lost or doubled, and nothing of the import doubled either. */
async function checkLog({ log }: RunningApplication, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const subjects = new Map<string, number>();
  const misplaced: number[] = [];
  const doubled: string[] = [];
  let position = 0;
  for (;;) {
    const events = await log.read(allEvents, { after: position });
    if (events.length === 0) break;
    for (const event of events) {
      if (event.position !== ++position) misplaced.push(event.position);
      const data = event.data as { memberId?: string; copyId?: string; titleId?: string };
      const subject = `${event.type} ${data.memberId ?? data.copyId ?? data.titleId}`;
      if (subjects.has(subject)) doubled.push(subject);
      subjects.set(subject, event.position);
    }
  }
  expect({ misplaced, doubled, head: await log.head() }).toEqual({ misplaced: [], doubled: [], head: position });
  const lost = [...acknowledged].filter(([memberId, at]) => subjects.get(`MemberRegistered ${memberId}`) !== at);
  expect(lost).toEqual([]);
}

/** A query for all rows of a read model. */
function dump(readModel: ReadModelDefinition<string, Tables>) {
  return query(`Dump${readModel.name}`, {
    params: z.object({}),
    from: readModel,
    run: async (db) => {
      const rows: Record<string, unknown> = {};
      for (const [name, table] of Object.entries(readModel.tables)) {
        let select = db.selectFrom(name).selectAll();
        for (const column of table.key) select = select.orderBy(column);
        rows[name] = await select.execute();
      }
      return rows;
    },
  });
}

const dumps = new Map([...library.readModels].map(([name, readModel]) => [name, dump(readModel)]));

/** The library, but that its read models can be seen whole. */
const inspected = application('library', {
  modules: library.modules.map(({ name, publishes, consumes, readModels }) =>
    module(name, {
      publishes,
      consumes,
      readModels,
      queries: readModels.map((readModel) => dumps.get(readModel.name)!),
    }),
  ),
});

function csv(firstBookId: number): string {
  const header = 'book_id,title,original_title,authors,original_publication_year,language_code,isbn';
  const rows = Array.from({ length: booksPerImport }, (_, i) => {
    const bookId = firstBookId + i;
    return `${bookId},Title ${bookId},,"Author ${bookId % 50}, Author ${bookId % 7}",${1_900 + (i % 100)}.0,eng,`;
  });
  return [header, ...rows, ''].join('\n');
}
