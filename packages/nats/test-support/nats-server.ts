import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';

/** Where a server of a cluster listens for the others. */
export interface ClusterPlace {
  readonly port: number;
  /** The ports of all of them. */
  readonly ports: readonly number[];
}

/** Whom alone a server lets in. */
export interface ServerUser {
  readonly user: string;
  readonly pass: string;
  /** What it permits, as it is written in its configuration; everything when it is undefined. */
  readonly permissions?: string;
}

/** A real `nats-server` with JetStream, in a folder of its own. */
export class NatsServer {
  readonly url: string;
  readonly #program: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #cluster: ClusterPlace | undefined;
  /** Whom alone it lets in; everybody when it is undefined. */
  readonly #user: ServerUser | undefined;
  /** Whether it has JetStream, from its next start on. */
  hasJetStream = true;
  #process: ChildProcess | undefined;

  constructor(program: string, folder: string, port: number, cluster?: ClusterPlace, user?: ServerUser) {
    this.#user = user;
    this.#program = program;
    this.#folder = folder;
    this.#port = port;
    this.#cluster = cluster;
    this.url = `nats://127.0.0.1:${port}`;
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const config = join(this.#folder, 'nats.conf');
    await writeFile(config, this.#settings());
    const process = spawn(this.#program, ['-c', config], { stdio: 'ignore' });
    this.#process = process;
    for (let attempt = 1; ; attempt++) {
      try {
        const { permissions: _, ...credentials } = this.#user ?? {};
        await (await connect({ servers: this.url, reconnect: false, ...credentials })).close();
        return;
      } catch (error) {
        if (attempt === 200 || process.exitCode !== null) throw error;
        await sleep(50);
      }
    }
  }

  /** Ends it as a power failure would. */
  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined || process.exitCode !== null) return;
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
  }

  /** Lets it stand still: it keeps its connections and says nothing. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  /** Deletes all that it has stored; it must not be running. */
  async deleteStorage(): Promise<void> {
    await rm(join(this.#folder, 'jetstream'), { recursive: true, force: true });
  }

  #settings(): string {
    const place = this.#cluster;
    const { user, pass, permissions } = this.#user ?? {};
    const limits = permissions === undefined ? '' : `, permissions: { ${permissions} }`;
    const lines = [
      ...(user === undefined ? [] : [`authorization { users: [{ user: "${user}", password: "${pass}"${limits} }] }`]),
      `server_name: n${this.#port}`,
      `listen: 127.0.0.1:${this.#port}`,
      ...(this.hasJetStream ? [`jetstream { store_dir: ${JSON.stringify(this.#folder)} }`] : []),
    ];
    if (place !== undefined) {
      const routes = place.ports.map((port) => `nats-route://127.0.0.1:${port}`);
      lines.push(`cluster { name: test, listen: 127.0.0.1:${place.port}, routes: [${routes.join()}] }`);
    }
    return `${lines.join('\n')}\n`;
  }
}

/** Ports that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(
    servers.map((server) => {
      server.close();
      return once(server, 'close');
    }),
  );
  return ports;
}

/** Three servers that store everything three times. */
export async function natsCluster(program: string, folder: string): Promise<readonly NatsServer[]> {
  const [clients, routes] = [await freePorts(3), await freePorts(3)];
  return clients.map(
    (port, n) => new NatsServer(program, join(folder, `n${n}`), port, { port: routes[n] as number, ports: routes }),
  );
}
