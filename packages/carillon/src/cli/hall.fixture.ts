import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect } from 'vitest';

/** The program as it is shipped. */
export const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Carillon as applications import it. */
export const carillon = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** An application as a user would write it, in plain JavaScript. */
export const source = (greeting: string) => `
  import { application, command, event, module, query, readModel, table, text } from ${JSON.stringify(carillon)};
  const any = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
  const Greeted = event('Greeted', { data: any, tags: (e) => ({ guest: e.guest }) });
  const Greet = command('Greet', { data: any, decide: ({ data }) => Greeted(data) });
  const guests = table({ columns: { guest: text() }, key: 'guest' });
  const book = readModel('book', { tables: { guests } }).on(Greeted, (e, db) => {
    if (e.guest === process.env.UNWELCOME) throw new Error('unwelcome');
    db.guests.upsert({ guest: e.guest });
  });
  const Guests = query('Guests', { params: any, from: book, run: async (db) =>
    (await db.selectFrom('guests').selectAll().orderBy('guest').execute()).map((row) => ${JSON.stringify(greeting)} + row.guest) });
  export default application('hall', {
    modules: [module('door', { publishes: [Greeted], commands: [Greet], readModels: [book], queries: [Guests] })],
  });`;

/** A folder with an application in it, and the program that is run there, in processes of its own. */
export class Hall {
  readonly folder = mkdtempSync(join(tmpdir(), 'carillon-cli-'));
  /** The application. */
  readonly module = join(this.folder, 'hall.mjs');
  /** Its data, unless another place is named. */
  readonly data = join(this.folder, 'data');
  readonly #started = new Set<ChildProcess>();

  constructor() {
    writeFileSync(this.module, source('Hello '));
  }

  run(...args: string[]) {
    const options = { encoding: 'utf8', cwd: this.folder } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options);
    return { status, stdout, stderr };
  }

  /** Runs the program, and goes on while it runs. */
  spawn(...args: string[]) {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#started.add(child);
    return child;
  }

  /** Starts a server and waits until it says where it is. */
  async serve(
    command: 'start' | 'dev',
    {
      env = {},
      file = this.module,
      data = this.data,
    }: { env?: Record<string, string>; file?: string; data?: string } = {},
  ) {
    const args = [program, command, file, '--data', data, '--port', '0'];
    const server = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
      // A group of processes of its own, as a terminal makes one for each command line.
      detached: true,
    });
    this.#started.add(server);
    let said = '';
    server.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    const address = async (after = 0): Promise<string> => {
      for (;;) {
        const url = /http:\S+\/hall(?=\/commands)/.exec(said.slice(after))?.[0];
        if (url !== undefined) return url;
        if (server.exitCode !== null) throw new Error(`It ended with ${server.exitCode}: ${said}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    return { server, url: await address(), address, said: () => said };
  }

  /** Ends it gracefully. Resolves with the exit code. */
  async stop(server: ChildProcess): Promise<number | null> {
    return this.#end(server, () => server.kill('SIGTERM'));
  }

  /** Presses Ctrl-C: the signal reaches every process of the group. Resolves with the exit code. */
  async interrupt(server: ChildProcess): Promise<number | null> {
    return this.#end(server, () => process.kill(-server.pid!, 'SIGINT'));
  }

  /** Ends what still runs. */
  async stopAll(): Promise<void> {
    for (const server of this.#started) await this.stop(server);
  }

  async #end(server: ChildProcess, kill: () => unknown): Promise<number | null> {
    this.#started.delete(server);
    if (server.exitCode !== null) return server.exitCode;
    // Not at its exit: what it has said may come after that.
    const ended = once(server, 'close');
    kill();
    const [code] = (await ended) as [number | null];
    return code;
  }
}

/** A hall for the tests of a file. */
export function useHall(): Hall {
  const hall = new Hall();
  afterEach(() => hall.stopAll());
  afterAll(() => rmSync(hall.folder, { recursive: true, force: true }));
  return hall;
}

/** Greets a guest. Resolves with the position of the event. */
export async function greet(url: string, guest: string): Promise<number> {
  const response = await fetch(`${url}/commands/Greet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ guest }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { position: number }).position;
}
