import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as library from '@carillon-examples/library';
import { type HttpServer, serve } from 'carillon/http';
import { type RunningApplication, start } from 'carillon/runtime';
import { type Database, openDatabase } from './database.js';
import { type Example, examples } from './examples.js';
import type { Settings } from './settings.js';
import { startPage } from './start-page.js';

/** The examples at work, and the server that leads to them. */
export interface Host {
  readonly server: HttpServer;
  readonly running: readonly RunningApplication[];
  /** Where the data is, for people. */
  readonly data: string;
  /** The file that holds the URL of the PostgreSQL that was started for it, if one was. */
  readonly urlFile: string | undefined;
  close(): Promise<void>;
}

/**
 * Starts every example and serves them.
 *
 * @throws CarillonError when a folder, the address or the port cannot be used
 */
export async function startHost(settings: Settings): Promise<Host> {
  await checkAddress(settings);
  const running: RunningApplication[] = [];
  const database = await openDatabase(settings);
  const closeAll = async () => {
    await Promise.all(running.map((application) => application.close()));
    await database?.close();
  };
  try {
    for (const example of examples) running.push(await startExample(example, settings, database));
    const server = await serve({
      port: settings.port,
      host: settings.host,
      applications: running.map((one, index) => ({ running: one, pages: examples[index]!.pages })),
      root: startPage(examples.map((example) => example.application)),
    });
    return {
      server,
      running,
      data: database?.storage.name ?? settings.dataFolder,
      urlFile: database?.urlFile,
      close: async () => {
        await server.close();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Whether the port is free: it is better to know that before anything is filled. @throws ListenError */
async function checkAddress({ port, host }: Settings): Promise<void> {
  const server = await serve({ port, host, applications: [] });
  await server.close();
}

async function startExample(
  example: Example,
  { dataFolder, books }: Settings,
  database: Database | undefined,
): Promise<RunningApplication> {
  const { application, applicationIn, module, seed, opened } = example;
  const folder = join(dataFolder, application.name);
  const hasOwnBooks = application === library.application && books !== undefined;
  let isSaid = false;
  // Once, although the folder is filled first, and the database from the folder.
  const sayFilling = () => {
    if (!isSaid) console.log(`Filling ${application.name} with something to look at…`);
    isSaid = true;
  };
  if (seed !== undefined && !hasOwnBooks && !existsSync(folder)) {
    sayFilling();
    await seed(folder);
  }
  const own = applicationIn?.(folder) ?? application;
  if (seed !== undefined && !hasOwnBooks) await database?.fill(application.name, folder, sayFilling);
  const running = await start(own, database === undefined ? { folder, module } : { storage: database.storage });
  await opened?.(running);
  return running;
}
