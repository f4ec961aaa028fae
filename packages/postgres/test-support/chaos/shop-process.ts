import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const file = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const cli = file('packages/carillon/dist/cli/main.js');
const shop = file('examples/shop/dist/shop.js');
const provider = file('examples/shop/dist/provider/provider-server.js');

/** So long a process may take until it says where it answers, in milliseconds. */
const startTimeoutMs = 30_000;

/** What a process of the shop is told. */
export interface ShopProcessOptions {
  readonly role: 'write' | 'read' | 'work';
  /** The database, as this process reaches it. */
  readonly url: string;
  readonly providerUrl: string;
  readonly leaseTtlSeconds: number;
  readonly drainSeconds?: number;
}

/** One process of the shop, as `carillon start` makes it. */
export class ShopProcess {
  readonly role: ShopProcessOptions['role'];
  readonly #options: ShopProcessOptions;
  #child: ChildProcess | undefined;
  /** Where it answers; undefined while it does not run. */
  base: string | undefined;
  /** What it said on its error output: warnings, and why it ended. */
  said = '';

  constructor(options: ShopProcessOptions) {
    this.role = options.role;
    this.#options = options;
  }

  /** Resolves when it says where it answers. It is started again when it could not reach the database. */
  async start(): Promise<void> {
    for (let attempt = 1; this.base === undefined; attempt++) {
      await this.#launch();
      if (this.base === undefined && attempt === 50) throw new Error(`It does not start: ${this.said}`);
    }
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Tells it to end what it has begun, and then itself. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  unfreeze(): void {
    this.#child?.kill('SIGCONT');
  }

  async #launch(): Promise<void> {
    const { role, url, providerUrl, leaseTtlSeconds, drainSeconds = 0 } = this.#options;
    const given = ['--role', role, '--lease-ttl', String(leaseTtlSeconds), '--drain', String(drainSeconds)];
    const child = spawn(process.execPath, [cli, 'start', shop, '--postgres', url, '--port', '0', ...given], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PAYMENT_PROVIDER_URL: providerUrl },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        this.said = (this.said + String(text)).slice(-20_000);
      });
    }
    const address = new Promise<string>((resolve) => {
      let said = '';
      child.stdout.on('data', (text) => {
        said += String(text);
        const base = /http:\S+\/shop(?=\/(commands|queries|health))/.exec(said)?.[0];
        if (base !== undefined) resolve(base);
      });
    });
    const ended = once(child, 'exit').then(() => undefined);
    // One that is cut off while it starts is started again, as whoever watches over processes would.
    const late = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
    this.base = await Promise.race([address, ended]);
    clearTimeout(late);
    void ended.then(() => {
      if (this.#child === child) this.base = undefined;
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    if (signal === 'SIGKILL') this.base = undefined;
    child.kill(signal);
    await ended;
    this.base = undefined;
  }
}

/** Starts the payment provider as a process of its own. */
export async function startProvider(book: string, seed: number): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(
    process.execPath,
    [provider, '--port', '0', '--book', book, '--latency', '20', '--seed', String(seed)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\/\/[\d.:]+/.exec(String(said))?.[0];
  if (url === undefined) throw new Error(`The provider says ${String(said)}`);
  return {
    url,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
