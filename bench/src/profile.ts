import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';

// `npm run bench -- --profile`: where the time of one command and of one projected event goes, by thread and by place.

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { functionName: string; url: string } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The threads worth looking at, by the order in which they are started: writing the log of a rebuild takes two before it. */
const subjects = [
  { title: 'One command: the thread that decides and appends', program: 'command', thread: 0, times: 150_000 },
  { title: 'One command: the thread that writes the log', program: 'command', thread: 1, times: 150_000 },
  { title: 'One projected event: the thread of the projections', program: 'rebuild', thread: 3, times: 1_200_000 },
];

const base = fileURLToPath(new URL('../../data/', import.meta.url));
mkdirSync(base, { recursive: true });
const folder = mkdtempSync(join(base, 'profile-'));
try {
  for (const program of new Set(subjects.map((subject) => subject.program))) {
    process.stderr.write(`${program} …\n`);
    const script = fileURLToPath(new URL(`./profiles/${program}.js`, import.meta.url));
    const args = ['--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${join(folder, program)}`, script];
    spawnSync(process.execPath, [...args, join(folder, 'data-')], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  for (const { title, program, thread, times } of subjects) {
    const file = readdirSync(join(folder, program)).find((name) => name.includes(`.${thread}.00`));
    if (file === undefined) continue;
    const profile = JSON.parse(readFileSync(join(folder, program, file), 'utf8')) as CpuProfile;
    process.stdout.write(`\n${title}\n${tableOf(profile, times)}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Time by place, without what is idle. */
function tableOf(profile: CpuProfile, times: number): string {
  const places = new Map(profile.nodes.map((node) => [node.id, placeOf(node.callFrame)]));
  const spentUs = new Map<string, number>();
  for (const [index, id] of profile.samples.entries()) {
    const place = places.get(id)!;
    spentUs.set(place, (spentUs.get(place) ?? 0) + profile.timeDeltas[index]!);
  }
  const idleUs = spentUs.get('idle') ?? 0;
  spentUs.delete('idle');
  const busyUs = [...spentUs.values()].reduce((sum, one) => sum + one, 0);
  const table = new Table({ head: ['place', 'µs', 'part of the busy time'], style: { head: [], border: [] } });
  for (const [place, us] of [...spentUs].sort((one, other) => other[1] - one[1]).slice(0, 14)) {
    const part = us / busyUs;
    table.push([place, (us / times).toFixed(2), `${'█'.repeat(Math.round(part * 40))} ${(part * 100).toFixed(1)} %`]);
  }
  table.push([
    'all',
    (busyUs / times).toFixed(2),
    `busy ${Math.round((busyUs / (busyUs + idleUs)) * 100)} % of the time`,
  ]);
  return table.toString();
}

/** The room of the house, the package or the part of Node that a function belongs to. */
function placeOf({ functionName, url }: { functionName: string; url: string }): string {
  if (url === '') {
    if (functionName === '(idle)') return 'idle';
    if (functionName === '(garbage collector)') return 'garbage collector';
    return functionName === 'postMessage' ? 'messages between threads' : 'V8 and Node, native';
  }
  const own = /packages\/carillon\/dist\/(.+)\.js$/.exec(url)?.[1];
  if (own !== undefined) return `carillon: ${own}`;
  const pack = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (pack !== undefined) return pack.startsWith('better-sqlite3') ? 'SQLite, with its writes and fsync' : pack;
  if (url.startsWith('node:internal/worker')) return 'messages between threads';
  return url.startsWith('node:') ? 'Node' : 'the application';
}
