import { relative } from 'node:path';
import { importBooks, importReport, application as library } from '@carillon-examples/library';
import { CarillonError } from 'carillon';
import { CommanderError } from 'commander';
import { type Host, startHost } from './host.js';
import { readSettings, type Settings, SettingsError } from './settings.js';
import { shutdownSignal } from './shutdown.js';

/** Exit codes: what was asked for makes no sense; it cannot be done here and now. */
const badUsage = 2;
const failed = 1;

/** Where what is wrong can be changed. */
const changedBy: Readonly<Record<string, string>> = {
  'log-open-failed': 'CARILLON_DATA names the data folder.',
  'listen-failed': 'PORT names the port, HOST the address.',
};

process.exitCode = await main();

async function main(): Promise<number> {
  let settings: Settings;
  try {
    settings = readSettings(process.argv.slice(2), process.env);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : badUsage;
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    return badUsage;
  }
  let host: Host;
  try {
    host = await startHost(settings);
  } catch (error) {
    console.error(explain(error));
    return failed;
  }
  // Until here a signal ends the process at once, and harms nothing.
  const shutdown = shutdownSignal();
  announce(host);
  const isLoaded = settings.books === undefined || (await loadBooks(host, settings.books, shutdown));
  if (!shutdown.aborted) await new Promise((resolve) => shutdown.addEventListener('abort', resolve));
  await host.close();
  return isLoaded ? 0 : failed;
}

function announce({ server, running, data, urlFile }: Host): void {
  console.log(`Carillon examples are at ${server.url}/`);
  for (const { application } of running)
    console.log(`  ${application.name.padEnd(10)} ${server.url}/${application.name}/`);
  console.log(`Data is in ${data}. Ctrl+C ends it.`);
  if (urlFile === undefined) return;
  const application = running[0]!.application.name;
  const url = `CARILLON_POSTGRES="$(cat ${quoted(relative(process.cwd(), urlFile))})"`;
  console.log(
    `Look at it from another terminal, in this folder. Its URL, with the password, is in a file that only you may read:`,
  );
  console.log(`  ${url} npx carillon events --application ${application} --tail`);
}

/** A path as a shell takes it, also where it is between double quotes. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Loads books while everything is served already. */
async function loadBooks({ running }: Host, file: string, signal: AbortSignal): Promise<boolean> {
  const target = running.find((one) => one.application === library)!;
  const report = importReport();
  try {
    report.finish(await importBooks(target, file, { ...report.options, signal }));
    return true;
  } catch (error) {
    report.stop();
    if (signal.aborted) return true;
    console.error(`The books could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function explain(error: unknown): string {
  if (!(error instanceof CarillonError)) return `The examples cannot be started: ${(error as Error).message}`;
  return [error.message, changedBy[error.code]].join(' ').trim();
}
