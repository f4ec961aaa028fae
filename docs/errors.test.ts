import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problemTypes } from 'carillon/http';
import { expect, it } from 'vitest';

// docs/reference/errors.md has every code that the sources give to an error, a problem or a warning, and none besides.

const root = join(fileURLToPath(import.meta.url), '..', '..');
const page = readFileSync(join(root, 'docs', 'reference', 'errors.md'), 'utf8');

/** The first two cells of every row that is about a code. */
const rows = [...page.matchAll(/^\| `([\w-]+)` \| (.*?) ?\|/gm)].map(([, code = '', second = '']) => ({
  code,
  second,
}));
const problems = Object.entries(problemTypes).map(([code, { status }]) => [code, String(status)] as const);

function codesIn(pattern: RegExp): string[] {
  return sources().flatMap((text) => [...text.matchAll(pattern)].map(([, code = '']) => code));
}

function sources(): string[] {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name, 'src'))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.ts') && !/\.(test|test-d|fixture)\.ts$/.test(file))
    .map((file) => readFileSync(file, 'utf8'));
}

it('has every code once, and none that is gone', () => {
  const errors = codesIn(/(?:super|new CarillonError)\(\s*'([a-z\d]+(?:-[a-z\d]+)*)'/g);
  const warnings = codesIn(/(?:code:|failure,) '(CARILLON_[A-Z_]+)'/g);
  const inSources = new Set([...errors, ...warnings, ...problems.map(([code]) => code)]);
  expect(rows.map(({ code }) => code).sort()).toEqual([...inSources].sort());
});

it.each(problems)('says that %s is answered with %s', (code, status) => {
  expect(rows).toContainEqual({ code, second: status });
});
