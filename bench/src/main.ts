import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { writeFigures } from './markdown.js';
import { type Bench, type Figure, type Measure, median } from './measure.js';
import { appendConditional } from './measures/append-conditional.js';
import { commandHttp } from './measures/command-http.js';
import { command, commandHot, commandLatency } from './measures/commands.js';
import { vsEmmettAppend, vsEmmettFold } from './measures/emmett.js';
import { bytesPerEvent, coldStart, growthEntity, growthLog } from './measures/growth.js';
import { ingestBulk } from './measures/ingest-bulk.js';
import { interference } from './measures/interference.js';
import { notInstalled, vsCastore, vsEvtstore, vsNatsPublish } from './measures/peers.js';
import {
  postgresAppend50,
  postgresAppend500,
  postgresCommand,
  postgresProjection,
  postgresTwoWriteProcesses,
  postgresTwoWriteProcessesUnhurried,
  postgresTwoWriters,
} from './measures/postgres.js';
import { rebuild, receiptToQuery } from './measures/projections.js';
import { shopOrders, shopReactions } from './measures/shop-orders.js';
import { startPostgres } from './peers/postgres-server.js';
import { type Result, report } from './report.js';

const measures: readonly Measure[] = [
  ingestBulk,
  appendConditional,
  command,
  commandHot,
  commandHttp,
  commandLatency,
  rebuild,
  receiptToQuery,
  growthLog,
  growthEntity,
  coldStart,
  interference,
  shopOrders,
  shopReactions,
  vsEmmettAppend,
  vsEmmettFold,
  vsEvtstore,
  vsCastore,
  vsNatsPublish,
  postgresAppend50,
  postgresAppend500,
  postgresTwoWriters,
  postgresTwoWriteProcesses,
  postgresTwoWriteProcessesUnhurried,
  postgresCommand,
  postgresProjection,
  bytesPerEvent,
];

const program = new Command('bench')
  .description('Measures Carillon against the raw engine and against peers, in the same run.')
  .option('--only <id...>', `only these: ${measures.map(({ id }) => id).join(', ')}`)
  .option('--json <file>', 'also write the figures to a file')
  .option('--markdown <file>', 'also put the table between the marks of a Markdown page')
  .option('--runs <count>', 'how often each is measured; the median counts', Number)
  .parse();
const { only, json, markdown, runs } = program.opts<{
  only?: string[];
  json?: string;
  markdown?: string;
  runs?: number;
}>();
const unknown = (only ?? []).filter((id) => !measures.some((measure) => measure.id === id));
if (unknown.length > 0) program.error(`There is no measure ${unknown.join(', ')}.`, { exitCode: 2 });

// Under the checkout: the system's folder for temporary files may be in memory, where fsync costs nothing.
const base = fileURLToPath(new URL('../../data/', import.meta.url));
mkdirSync(base, { recursive: true });
const root = mkdtempSync(join(base, 'bench-'));
// PostgreSQL does not run as root: as root it is given to a user of its own, who must get there.
chmodSync(root, 0o755);
let postgres: ReturnType<typeof startPostgres> | undefined;
const bench: Bench = {
  folder: () => mkdtempSync(join(root, 'run-')),
  postgres: async () => (await (postgres ??= startPostgres(join(root, 'postgres')))).url,
  note: (text) => void process.stderr.write(`  ${text}\n`),
};

try {
  process.stderr.write(
    `Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}\n`,
  );
  const results: Result[] = [];
  const missing: string[] = [...notInstalled()];
  for (const measure of measures) {
    if (only !== undefined && !only.includes(measure.id)) continue;
    const reason = await measure.unavailable?.();
    if (reason === undefined) {
      results.push(await take(measure));
      continue;
    }
    missing.push(`${measure.id}: ${reason}`);
    bench.note(`not measured: ${measure.id}: ${reason}`);
  }
  process.stdout.write(`${report(results)}\nNot measured:\n${missing.map((line) => `  ${line}\n`).join('')}`);
  if (markdown !== undefined) writeFigures(markdown, results, missing);
  if (json !== undefined) {
    const list = results.map(({ measure: { id, unit }, figure: { value, ratios } }) => ({ id, value, unit, ratios }));
    writeFileSync(json, `${JSON.stringify(list, null, 2)}\n`);
  }
} finally {
  await (await postgres)?.stop();
  rmSync(root, { recursive: true, force: true });
}
process.exit();

/** Runs a measure several times, and takes the medians. */
async function take(measure: Measure): Promise<Result> {
  const times = runs ?? measure.runs ?? 3;
  const figures: Figure[] = [];
  for (let run = 1; run <= times; run++) {
    process.stderr.write(`${measure.id} (${run} of ${times})\n`);
    figures.push(await measure.run(bench));
  }
  const ratios: Record<string, number> = {};
  for (const name of Object.keys(figures[0]!.ratios))
    ratios[name] = median(figures.map((figure) => figure.ratios[name]!));
  return { measure, figure: { value: median(figures.map(({ value }) => value)), ratios } };
}
