#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CommanderError } from 'commander';
import { CarillonError } from '../definitions/errors.js';
import { program } from './program.js';
import { isTypeScript, typeScriptMark, typeScriptOptions } from './typescript.js';
import { UsageError } from './usage-error.js';

// Whoever reads the output may stop reading: `carillon events | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

if (!startedAgainForTypeScript()) await run();

async function run(): Promise<void> {
  let module: string | undefined;
  const command = program().hook('preAction', (_, { registeredArguments, args }) => {
    if (registeredArguments[0]?.name() === 'module') module = args[0];
  });
  try {
    await command.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error, module);
  }
}

/** Says what is wrong. 0: only asked for help; 1: failed; 2: not understood. */
function exitCodeOf(error: unknown, module = '<module>'): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const message = error instanceof CarillonError ? error.message : ((error as Error)?.stack ?? String(error));
  // Where the error was made the module's file is not known.
  process.stderr.write(`carillon: ${message.replaceAll('<module>', module)}\n`);
  return error instanceof UsageError ? 2 : 1;
}

/** What lets Node load TypeScript has to be there from the beginning. */
function startedAgainForTypeScript(): boolean {
  const args = process.argv.slice(2);
  const isMarked = process.env[typeScriptMark] === '1';
  const module = args.find(isTypeScript);
  if (isMarked || args[0] === 'dev' || module === undefined) return false;
  const options = typeScriptOptions(module);
  if (options.length === 0) return false;
  const child = spawn(process.execPath, [...options, fileURLToPath(import.meta.url), ...args], {
    stdio: 'inherit',
    env: { ...process.env, [typeScriptMark]: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => process.exit(code ?? 1));
  return true;
}
