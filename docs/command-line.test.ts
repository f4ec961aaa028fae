import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { application as kitchen } from '@carillon-examples/kitchen';
import { application as library } from '@carillon-examples/library';
import { application as shop } from '@carillon-examples/shop';
import type { Application } from 'carillon';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { program } from '../packages/carillon/src/cli/program.js';

// What README, docs and every --help say of the command line can be typed: commands, options, and the names of the examples that
// they are about. And the reference leaves nothing out.

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const applications = new Map<string, Application<any, any>>(
  [kitchen, library, shop].map((one) => [one.name, one as Application<any, any>]),
);

describe.each(examples())('$line ($where)', ({ line }) => {
  it('can be typed', () => {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!);
    const { command, rest } = commandOf(words);
    const { operands, unknown } = command.parseOptions(rest);
    expect(unknown).toEqual([]);
    const least = command.registeredArguments.filter(({ required }) => required).length;
    expect(operands.length).toBeGreaterThanOrEqual(least);
    expect(operands.length).toBeLessThanOrEqual(command.registeredArguments.length);
    const [module = '', name] = operands;
    if (module.startsWith('examples/')) expect(existsSync(join(root, module)), module).toBe(true);
    const about = applications.get(/(\w+)\.[jt]s$/.exec(module)?.[1] ?? '');
    if (about === undefined) return;
    expect(namesOf(about, command)).toContain(name);
    const modules = about.modules.map((one) => one.name);
    expect(modules).toEqual(expect.arrayContaining([...(command.opts<{ modules?: string[] }>().modules ?? [])]));
  });
});

describe('the reference', () => {
  const reference = readFileSync(join(root, 'docs', 'reference', 'command-line.md'), 'utf8');

  it.each(leaves(program(), []))('has all of $words', ({ words, command }) => {
    const row = reference
      .split('\n')
      .find((line) => line.startsWith(`| \`carillon ${words.replace(' list', ' [list]')}`));
    expect(row, words).toBeDefined();
    for (const { name } of command.registeredArguments.map((one) => ({ name: one.name() })))
      expect(row).toContain(name);
    for (const { long, envVar } of command.options) {
      expect(reference, words).toContain(`\`${long}`);
      if (envVar !== undefined) expect(reference).toContain(`\`${envVar}\``);
    }
  });
});

/** The names that may stand behind a module; undefined is one of them where none need stand there. */
function namesOf({ reactions, readModels }: Application<any, any>, command: Command): readonly (string | undefined)[] {
  const of = command.parent?.name();
  const isNamed = command.name() !== 'list';
  if (of === 'reactions' && command.name() === 'processes') {
    return [...reactions.values()].filter(({ kind }) => kind === 'process-manager').map(({ name }) => name);
  }
  if (of === 'reactions' && isNamed) return [...reactions.keys()];
  if (of === 'read-models' && command.name() === 'drop') return [...readModels.keys()].map((name) => `${name}@1`);
  if (of === 'read-models' && isNamed) return [...readModels.keys()];
  return [undefined];
}

/** The command that words name, and the words behind it. */
function commandOf(words: readonly string[]): { command: Command; rest: string[] } {
  let command = program();
  let at = 0;
  for (; command.commands.length > 0; at++) {
    const next = command.commands.find((one) => one.name() === words[at]);
    if (next === undefined) break;
    command = next;
  }
  // What is meant where none is said.
  const byDefault = command.commands.find((one) => one.name() === 'list');
  return { command: byDefault ?? command, rest: words.slice(at) };
}

/** Every line that calls `carillon`, without what is around it: the variables before it, a comment behind it. */
function examples(): { line: string; where: string }[] {
  const found: { line: string; where: string }[] = [];
  const add = (text: string, where: string) => {
    for (const [, line = ''] of text.matchAll(
      /^(?: {2}\$ |(?:[A-Z_]+=\S+ )*(?:exec )?(?:npx |node_modules\/\.bin\/))?carillon ([^\n]*)$/gm,
    )) {
      found.push({ line: line.replace(/( {3,}|\s+#).*$| > \S+$| &$/, '').trim(), where });
    }
  };
  for (const page of pages()) {
    const text = readFileSync(page, 'utf8');
    for (const [, block = ''] of text.matchAll(/```sh\n([\s\S]*?)```/g)) add(block, relative(root, page));
  }
  const helps = [program(), ...leaves(program(), []).map(({ command }) => command), ...program().commands];
  for (const command of helps) add(helpOf(command), 'help');
  return found;
}

function pages(): string[] {
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const inFolders = ['examples', 'packages'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, 'README.md')),
  );
  return ['README.md', ...inFolders, ...inDocs.filter((name) => name.endsWith('.md')).map((name) => join('docs', name))]
    .map((name) => join(root, name))
    .filter((page) => existsSync(page));
}

/** The commands that do something, with their words: `reactions skip`. */
function leaves(command: Command, words: readonly string[]): { words: string; command: Command }[] {
  if (command.commands.length === 0) return [{ words: words.join(' '), command }];
  return command.commands.flatMap((one) => leaves(one, [...words, one.name()]));
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
  return help;
}
