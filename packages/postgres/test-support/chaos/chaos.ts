import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';
import { TcpProxy } from '../tcp-proxy.js';
import { Customers } from './customers.js';
import { ShopProcess, startProvider } from './shop-process.js';
import { type Verdict, verdict } from './verdict.js';

/** How the shop is tormented. */
export interface ChaosOptions {
  readonly seconds: number;
  /** Decides about what is done when, and about the provider. */
  readonly seed: number;
  /** Whether connections fall silent, too: it is noticed after seconds only. Default true. */
  readonly withSilence?: boolean;
  readonly onProgress?: (line: string) => void;
}

/** What came of it. */
export interface ChaosReport extends Verdict {
  readonly acknowledged: number;
  readonly repeated: number;
  /** How often each torment was applied. */
  readonly torments: { readonly [name: string]: number };
}

const roles = ['write', 'write', 'read', 'read', 'work', 'work'] as const;
const leaseTtlSeconds = 3;
/** So many customers act at the same time. */
const lanes = 8;
/** How long the shop may take to end everything when it is left alone, in milliseconds. */
const restMs = 120_000;

/**
 * Six processes of the shop under load on one PostgreSQL; every second or so one is killed or frozen, the connections are cut or fall
 * silent, and twice PostgreSQL is started again, once after a power cut. Then it is left alone, and looked at.
 */
export async function chaos({
  seconds,
  seed,
  withSilence = true,
  onProgress = () => undefined,
}: ChaosOptions): Promise<ChaosReport> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-chaos-'));
  const book = join(folder, 'book.jsonl');
  const postgres = await startEmbeddedPostgres();
  const proxy = await TcpProxy.before(postgres.url);
  const provider = await startProvider(book, seed);
  const options = { url: proxy.through(postgres.url), providerUrl: provider.url, leaseTtlSeconds };
  const processes = roles.map((role) => new ShopProcess({ ...options, role }));
  const customers = new Customers(processes);
  const torments: Record<string, number> = {};
  const random = dice(seed);
  const busy = new Set<ShopProcess>();
  const recoveries = new Set<Promise<void>>();

  const torment = (name: string, what: () => Promise<void>) => {
    torments[name] = (torments[name] ?? 0) + 1;
    const recovery: Promise<void> = what().finally(() => recoveries.delete(recovery));
    recoveries.add(recovery);
  };
  const kill = async (one: ShopProcess) => {
    busy.add(one);
    await one.kill();
    await sleep(500 + random() * 2_000);
    await one.start();
    busy.delete(one);
  };
  const freeze = async (one: ShopProcess) => {
    busy.add(one);
    one.freeze();
    await sleep(leaseTtlSeconds * 1_000 * (1 + random() * 2));
    one.unfreeze();
    busy.delete(one);
  };
  const act = () => {
    const able = processes.filter((one) => !busy.has(one));
    const victim = able[Math.floor(random() * able.length)];
    const chance = random();
    if (chance < 0.4 && victim !== undefined) torment('killed', () => kill(victim));
    else if (chance < 0.75 && victim !== undefined) torment('frozen', () => freeze(victim));
    else if (chance < 0.95 || !withSilence) torment('connections cut', async () => proxy.cutAll());
    else torment('connections silenced', async () => proxy.silenceAll());
  };

  try {
    await processes[0]?.start();
    await Promise.all(processes.slice(1).map((one) => one.start()));
    await customers.fill(200_000);
    const working = customers.work(lanes);
    const begunMs = performance.now();
    const elapsed = () => (performance.now() - begunMs) / 1_000;
    // A server that is slow to come back is not cut off before it has.
    let isBack: Promise<void> = Promise.resolve();
    const restarts = [
      { at: seconds / 3, name: 'PostgreSQL restarted', what: () => (isBack = postgres.restart()) },
      {
        at: (seconds * 2) / 3,
        name: 'PostgreSQL cut off',
        what: async () => {
          await isBack;
          await postgres.kill();
          await postgres.restart();
        },
      },
    ];
    while (elapsed() < seconds) {
      await sleep(1_000 + random() * 1_500);
      const due = restarts[0];
      if (due !== undefined && elapsed() > due.at) {
        restarts.shift();
        torment(due.name, due.what);
      } else act();
      const told = Object.entries(torments).map(([name, count]) => `${name} ${count}`);
      onProgress(`${elapsed().toFixed(0)} s, ${customers.acknowledged.length} acknowledged, ${told.join(', ')}`);
    }
    await Promise.all([...recoveries]);
    customers.stop();
    await Promise.race([working, sleep(restMs)]);
    if (!customers.isHome) throw new Error(`Customers get no answer.\n${processes.map(({ said }) => said).join('\n')}`);
    onProgress('left alone …');
    const found = await verdict(postgres.url, book, customers.acknowledged, restMs);
    return {
      ...found,
      problems: [...customers.complaints, ...found.problems],
      acknowledged: customers.acknowledged.length,
      repeated: customers.repeated,
      torments,
    };
  } finally {
    customers.stop();
    await Promise.all(processes.map((one) => one.kill()));
    await provider.stop();
    await proxy.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Numbers from 0 up to, not including, 1: the same for the same seed. */
function dice(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
