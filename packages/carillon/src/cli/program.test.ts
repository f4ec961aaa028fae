import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { program } from './program.js';

/** Every command with its words: `reactions skip`. */
const commands = namedCommands(program(), []);

describe.each(commands)('carillon $words --help', ({ command }) => {
  const help = helpOf(command);

  it('has examples', () => {
    expect(help).toMatch(/\nExamples?:\n {2}\$ carillon /);
  });

  it('is at most 100 columns wide, and breaks lines where they are full only', () => {
    const lines = help.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    const description = command.description();
    expect(description).not.toContain('\n');
    expect(help.replaceAll(/\s+/g, ' ')).toContain(description);
  });
});

it('has the same words for which service is meant wherever it can be said', () => {
  const said = commands.flatMap(({ command }) =>
    command.options.filter(({ long }) => long === '--modules' || long === '--name').map((one) => one.description),
  );
  expect(said).toHaveLength(
    2 * ['start', 'dev', 'events', 'copy', ...Array(4).fill('read-models'), ...Array(4).fill('reactions')].length,
  );
  expect(new Set(said).size).toBe(2);
});

function namedCommands(command: Command, words: readonly string[]): { words: string; command: Command }[] {
  return [
    { words: words.join(' '), command },
    ...command.commands.flatMap((one) => namedCommands(one, [...words, one.name()])),
  ];
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => void (help += text), getOutHelpWidth: () => 80 }).outputHelp();
  return help;
}
