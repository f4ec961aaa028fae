import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { inFlight, perSecond } from '../measure.js';
import { sampleData } from '../sample.js';

/** The server's program; undefined when it is not installed. */
export function natsServer(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, 'nats-server')).find(isExecutable);
}

/** Whether the server can be told to fsync before it acknowledges: from 2.10 on. */
export function canSyncAlways(program: string): boolean {
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout) ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 10);
}

/** Publishes of one event a second to a stream in files, each awaited until it is acknowledged. */
export async function natsPublishes(
  program: string,
  folder: string,
  { count, concurrency, syncsAlways }: { count: number; concurrency: number; syncsAlways: boolean },
): Promise<number> {
  const port = await freePort();
  const config = join(folder, 'nats.conf');
  const sync = syncsAlways ? ', sync_interval: always' : '';
  writeFileSync(config, `listen: 127.0.0.1:${port}\njetstream { store_dir: ${JSON.stringify(folder)}${sync} }\n`);
  const server = spawn(program, ['-c', config], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  try {
    const connection = await Promise.race([
      connected(port),
      ended.then(() => {
        throw new Error(`nats-server ended at once; see: ${program} -c ${config}`);
      }),
    ]);
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'moves', subjects: ['moves.>'] });
    const stream = jetstream(connection);
    const result = await perSecond(count, () =>
      inFlight(count, concurrency, (index) =>
        stream.publish(`moves.e${index}`, JSON.stringify(sampleData(`e${index}`, index))),
      ),
    );
    await connection.close();
    return result;
  } finally {
    server.kill();
    await ended;
  }
}

async function connected(port: number) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect({ servers: `127.0.0.1:${port}` });
    } catch (error) {
      if (attempt === 100) throw error;
      await pause(50);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
