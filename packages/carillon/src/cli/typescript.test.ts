import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { greet, source, useHall } from './hall.fixture.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const hall = useHall();

describe('an application in TypeScript', () => {
  it.each(['start', 'dev'] as const)(
    'is served by %s, in threads of its own, and ends with Ctrl-C',
    async (command) => {
      const file = typeScriptProject(`ts-${command}`, ['tsx']);
      const { server, url } = await hall.serve(command, { file, data: join(hall.folder, `ts-${command}-data`) });
      await greet(url, 'ada');
      const answer = await fetch(`${url}/queries/Guests`, { headers: { 'carillon-after': '1' } });
      expect(await answer.json()).toEqual(['Hi ada']);
      expect(await hall.interrupt(server)).toBe(0);
    },
  );

  const runsTypeScript = ((process.features as { typescript?: unknown }).typescript ?? false) !== false;
  const onNodesWithout = runsTypeScript ? () => undefined : it;
  onNodesWithout('says what is missing where Node does not run TypeScript and tsx is not there', () => {
    expect(hall.run('start', typeScriptProject('ts-bare', []))).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /does not run TypeScript: install tsx beside it \(npm install -D tsx\), compile it first/,
      ),
    });
  });

  it('says so when it is no ES module', () => {
    const file = typeScriptProject('ts-commonjs', ['tsx']);
    writeFileSync(join(hall.folder, 'ts-commonjs', 'package.json'), '{ "type": "commonjs" }');
    expect(hall.run('start', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('say "type": "module" in the package.json beside the module.'),
    });
  });
});

/** Makes a folder with an application in TypeScript, of two files, that sees the packages of that name. */
function typeScriptProject(name: string, packages: readonly string[]): string {
  const project = join(hall.folder, name);
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  for (const one of packages) symlinkSync(join(root, 'node_modules', one), join(project, 'node_modules', one));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'greeting.ts'), "export const greeting: string = 'Hi ';");
  // As the TypeScript compiler wants it: the name of the file that it will make.
  const imports = "import { greeting } from './greeting.js';";
  const typed = source('').replaceAll('(e)', '(e: any)').replaceAll('(e, db)', '(e: any, db: any)');
  writeFileSync(
    join(project, 'hall.ts'),
    `${imports}\n${typed.replace('"" +', 'greeting +').replaceAll(/\(\{ data \}\)/g, '({ data }: any)')}`,
  );
  return join(project, 'hall.ts');
}
