import type { Command } from 'commander';

/** Shows how a command is used, below its help. */
export function withExamples(command: Command, lines: readonly string[]): Command {
  const title = lines.length === 1 ? 'Example' : 'Examples';
  return command.addHelpText('after', `\n${title}:\n${lines.map((line) => `  $ carillon ${line}`).join('\n')}`);
}
