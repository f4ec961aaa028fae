import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Application } from 'carillon';
import { type Client, createClient } from 'carillon/client';

const main = fileURLToPath(new URL('../../host/dist/main.js', import.meta.url));

type AnyApplication = Application<any, any>;

/** An example as `npm start` runs it, on a port and in a folder of its own. */
export interface RunningExample<App extends AnyApplication> {
  /** Where its page is. */
  readonly url: string;
  readonly client: Client<App>;
  /** Stops the process, as a crash would; `start` brings it back with the same data on the same port. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Starts the process of the examples, for one of them: `runExample<typeof library>('library')`.
 *
 * @param name the application's name, under which it is mounted
 * @throws Error with what the process wrote, when it ends instead
 */
export async function runExample<App extends AnyApplication>(name: string): Promise<RunningExample<App>> {
  const folder = await mkdtemp(join(tmpdir(), `carillon-${name}-ui-`));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/${name}/`;
  let running: ChildProcess | undefined;

  const kill = async () => {
    if (running === undefined || hasEnded(running)) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  };
  const start = async () => {
    const env = { ...process.env, PORT: String(port), CARILLON_DATA: folder, NODE_OPTIONS: '' };
    const started = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    running = started;
    let output = '';
    started.stdout.on('data', (text) => (output += text));
    started.stderr.on('data', (text) => (output += text));
    while (!(await isReady(url))) {
      if (hasEnded(started))
        throw new Error(`The host ended with ${started.exitCode ?? started.signalCode}:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const close = async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };

  await start();
  return { url, client: createClient<App>(url), kill, start, close };
}

/** By itself, or by a signal. */
function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`${url}health/ready`);
    return ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The port is not known.');
  return address.port;
}
