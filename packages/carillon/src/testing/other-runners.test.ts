import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

// The kit as it is shipped, under Node's own test runner.
const dist = (path: string) => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url).href);
const folder = mkdtempSync(join(tmpdir(), 'carillon-testing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('works under node:test, which shows the difference and the line of the test', () => {
  const file = join(folder, 'lamp.test.mjs');
  writeFileSync(
    file,
    `import { test } from 'node:test';
    import { application, command, event, module } from ${dist('index.js')};
    import { given } from ${dist('testing/index.js')};
    const data = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
    const Lit = event('Lit', { data });
    const Light = command('Light', { data, decide: ({ data }) => Lit(data) });
    const house = application('house', { modules: [module('lamps', { publishes: [Lit], commands: [Light] })] });
    test('passes', () => given(house).when(Light({ lamp: 'a' })).then(Lit({ lamp: 'a' })));
    test('fails', async () => {
      await given(house).when(Light({ lamp: 'a' })).then(Lit({ lamp: 'b' }));
    });
    test('is unfinished', async () => {
      await given(house).when(Light({ lamp: 'a' }));
    });`,
  );
  // Without what the runner of this test says to its children.
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
  const args = ['--test', '--test-reporter', 'tap', file];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  expect(stdout).toMatch(/^# pass 1$/m);
  expect(stdout).toMatch(/^# fail 2$/m);
  expect(stdout).toMatch(/Command Light appended other events than expected:/);
  expect(stdout).toMatch(/^ +- +"lamp": "b",$/m);
  expect(stdout).toMatch(/^ +\+ +"lamp": "a",$/m);
  expect(stdout).toMatch(/lamp\.test\.mjs:10:/);
  expect(stdout).toMatch(/The scenario expects nothing: end it with/);
  expect(status).toBe(1);
});
