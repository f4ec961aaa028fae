import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requires } from '../scripts/requires.js';

// Every TypeScript block of README and docs is a file (`title="…"`) of its page: all are type-checked, `main.ts` and
// `*.test.ts` are run, and what a `// prints: …` promises must be printed. Links must lead somewhere.

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scratch = join(root, 'node_modules', '.cache', 'carillon', 'docs');
const pages = [
  ...['README.md', 'CONTRIBUTING.md'].map((name) => join(root, name)),
  ...['examples', 'packages']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name, 'README.md')))
    .filter((page) => existsSync(page)),
  ...markdownIn(join(root, 'docs')),
];

interface Block {
  readonly file: string;
  readonly text: string;
}

const blocks = new Map(pages.map((page) => [page, blocksOf(page)]));

beforeAll(() => {
  rmSync(scratch, { recursive: true, force: true });
  for (const [page, files] of blocks) {
    mkdirSync(folderOf(page), { recursive: true });
    for (const { file, text } of files) writeFileSync(join(folderOf(page), file), text);
  }
  writeFileSync(join(scratch, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(scratch, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../../../tsconfig.base.json',
      compilerOptions: {
        composite: false,
        noEmit: true,
        declaration: false,
        declarationMap: false,
        lib: ['es2023', 'dom'],
      },
      include: ['**/*.ts', '**/*.tsx'],
    }),
  );
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('compiles every block', () => {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', scratch], { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

const programs = [...blocks].flatMap(([path, files]) =>
  files
    .filter(({ file }) => file === 'main.ts' || file.endsWith('.test.ts'))
    .map((block) => ({ page: relative(root, path), path, ...block })),
);

describe.each(programs)('$file of $page', ({ path, file, text }) => {
  it('runs, and prints what it says', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], {
      cwd: folderOf(path),
      encoding: 'utf8',
      timeout: 100_000,
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    for (const [, promised] of text.matchAll(/\/\/ prints: (.*)$/gm)) expect(stdout.split('\n')).toContain(promised);
  });
});

it.each(pages.map((page) => relative(root, page)))('%s links to what is there', (name) => {
  const page = join(root, name);
  const text = readFileSync(page, 'utf8').replaceAll(/```[\s\S]*?```/g, '');
  const dead: string[] = [];
  for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^(https?:|#|mailto:)/.test(target)) continue;
    try {
      readdirSync(join(dirname(page), target.split('#')[0]!));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') dead.push(target);
    }
  }
  expect(dead).toEqual([]);
});

const natsServer = requires('nats-server');

it("the server's configuration that is shown is one that every NATS server takes", natsServer.options, () => {
  const page = readFileSync(join(root, 'docs', 'how-to', 'split-into-services.md'), 'utf8');
  const [, configuration] = /```text\n(# nats\.conf\n[\s\S]*?)```/.exec(page) ?? [];
  const file = join(scratch, 'nats.conf');
  writeFileSync(file, configuration!);
  const { status, stderr } = spawnSync(natsServer.path, ['-t', '-c', file], { encoding: 'utf8' });
  expect(stderr).toContain('configuration file');
  expect(status).toBe(0);
});

function blocksOf(page: string): Block[] {
  const found: Block[] = [];
  for (const [, info = '', text = ''] of readFileSync(page, 'utf8').matchAll(/```tsx? ?([^\n]*)\n([\s\S]*?)```/g)) {
    const title = /title="([^"]+)"/.exec(info)?.[1];
    if (title === undefined) throw new Error(`${page}: a TypeScript block without title="…" is not checked:\n${text}`);
    if (info.includes('fragment')) continue;
    found.push({ file: title, text });
  }
  return found;
}

function folderOf(page: string): string {
  return join(scratch, relative(root, page).replaceAll(/[/.]/g, '-'));
}

function markdownIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}
