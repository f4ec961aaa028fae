import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent } from '../definitions/event.js';
import type { Log } from '../log/log.js';

/** How often the application looks for requests, in milliseconds. */
const lookIntervalMs = 500;

/** How often whoever asks looks whether a request was taken up, in milliseconds. */
const takenIntervalMs = 50;

function requestsFolder(folder: string): string {
  return join(folder, 'requests');
}

/** How long whoever asks waits until the application has taken a request up, in milliseconds. */
const patienceMs = 5_000;

/**
 * Asks the application that runs on a folder to record what an operator wants: only it may write its log.
 *
 * @returns whether it has taken that up; if not, it does when it comes to it
 */
export async function requestOf(folder: string, event: NewEvent): Promise<boolean> {
  const requests = requestsFolder(folder);
  await mkdir(requests, { recursive: true });
  // In the order in which they were made, and whole or not at all.
  const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID()}`;
  const request = join(requests, `${name}.json`);
  await writeFile(join(requests, `${name}.part`), JSON.stringify(event));
  await rename(join(requests, `${name}.part`), request);
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; await pause(takenIntervalMs)) {
    if (!existsSync(request)) return true;
  }
  return false;
}

/** Records what operators ask for from outside the process. */
export class OperatorRequests {
  readonly #folder: string;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;

  constructor(folder: string, log: Log) {
    this.#folder = requestsFolder(folder);
    this.#log = log;
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
    }, lookIntervalMs);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** A request that was recorded and not removed, because the process died in between, is recorded twice: that changes nothing. */
  async #look(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
      const file = join(this.#folder, name);
      try {
        await this.#log.append([JSON.parse(await readFile(file, 'utf8')) as NewEvent]);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        process.emitWarning(`The request ${name} of an operator could not be recorded: ${message}`, {
          code: 'CARILLON_REQUEST_REFUSED',
        });
        // What is no event never will be; the log may take it later.
        if (!(error instanceof SyntaxError) && !isInvalidEvent(error)) return;
      }
      await rm(file, { force: true });
    }
  }
}

function isInvalidEvent(error: unknown): boolean {
  return (error as { code?: string }).code === 'event-invalid';
}
