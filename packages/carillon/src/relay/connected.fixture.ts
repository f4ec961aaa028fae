import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { Application } from '../index.js';
import { RandomSource } from '../random/random-source.js';
import { type RunningApplication, start, startInMemory } from '../runtime/index.js';
import { type ConnectOptions, connect } from './connect.js';
import { LossyBroker } from './lossy-transport.fixture.js';
import type { RelayFailure } from './relay-warning.js';
import { happenedIn, Place } from './services.fixture.js';

/** Services over a broker, and what went wrong between them. */
export class Connected {
  readonly failures: RelayFailure[] = [];
  readonly #open: { close(): Promise<void> }[] = [];
  readonly #folders: string[] = [];

  async run(
    service: Application<any, any>,
    broker: LossyBroker,
    options: Partial<ConnectOptions> & { readonly folder?: string } = {},
  ): Promise<RunningApplication> {
    const running = await (options.folder === undefined
      ? startInMemory(service)
      : start(service, { folder: options.folder }));
    this.#open.push(running);
    const { transport } = broker;
    const onFailure = (one: RelayFailure) => void this.failures.push(one);
    await connect(running, { transport, onFailure, lookMs: 50, askMs: 50, ...options });
    return running;
  }

  async stop(running: RunningApplication): Promise<void> {
    this.#open.splice(this.#open.indexOf(running), 1);
    await running.close();
  }

  /** A folder for what the services keep. */
  async newFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'carillon-'));
    this.#folders.push(folder);
    return folder;
  }

  async close(): Promise<void> {
    for (const one of this.#open.splice(0).reverse()) await one.close();
    for (const folder of this.#folders.splice(0)) await rm(folder, { recursive: true });
    this.failures.length = 0;
  }
}

/** For the tests of a file: whatever one of them has running is closed after it. */
export function useServices(): Connected {
  const connected = new Connected();
  afterEach(() => connected.close());
  return connected;
}

export function brokerWith(seed = 1): LossyBroker {
  const random = new RandomSource(seed);
  return new LossyBroker(() => random.below(1_000_000) / 1_000_000);
}

export async function place(desk: RunningApplication, ...orderIds: readonly string[]): Promise<void> {
  for (const orderId of orderIds) await desk.execute(Place({ orderId }));
}

export function ids(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, n) => `o${n + from}`);
}

/** Until the log holds these events of these types, in this order, and no others of them. */
export async function holds(running: RunningApplication, types: readonly string[], expected: readonly string[]) {
  await expect.poll(() => happenedIn(running.log, ...types), { timeout: 20_000, interval: 20 }).toEqual(expected);
}
