import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { withExamples } from './examples.js';
import { serviceArguments } from './service-options.js';
import { shutDownOnSignals } from './signals.js';
import { environmentPort, type StartCommandOptions, withServerOptions } from './start-command.js';
import { isTypeScript, typeScriptMark, typeScriptOptions } from './typescript.js';

/** How long it stays quiet after a change before it restarts, in milliseconds. */
const quietMs = 150;

/** `carillon dev`: the same as `start`, restarted when the code changes. */
export function devCommand(parent: Command): void {
  const command = withServerOptions(parent.command('dev'))
    .summary('the same as start, restarted when the code changes')
    .description("Runs an application as start does, and restarts it when a file in the module's folder changes.")
    .action(develop);
  withExamples(command, ['dev src/library.ts']);
}

async function develop(module: string, options: StartCommandOptions): Promise<void> {
  const { watch } = await import('chokidar');
  const child = new Restarted(startArguments(module, options));
  const folder = dirname(resolve(module));
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, {
    ignoreInitial: true,
    ignored: (path, stats) =>
      /(^|[/\\])(node_modules|\.git|dist-ui)([/\\]|$)/.test(relative(folder, path)) ||
      (stats?.isFile() === true && !/\.([cm]?[jt]sx?|json)$/.test(path)),
  });
  watcher.on('all', (event, path) => {
    // A folder, like that of the data when it is made, is no code.
    if (event === 'addDir' || event === 'unlinkDir') return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      process.stdout.write(`${relative(process.cwd(), path)} changed: restarting.\n`);
      void child.restart();
    }, quietMs);
  });
  // What is saved after the start is seen.
  await once(watcher, 'ready');
  await child.restart();
  await shutDownOnSignals(async () => {
    clearTimeout(timer);
    await watcher.close();
    await child.stop();
  });
}

function startArguments(module: string, options: StartCommandOptions): string[] {
  const program = fileURLToPath(new URL('./main.js', import.meta.url));
  const node = isTypeScript(module) ? typeScriptOptions(module) : [];
  const { data, port, host, logLevel, postgres, readPostgres, role, leaseTtl, drain } = options;
  const storage = [
    ...(postgres === undefined ? ['--data', data] : ['--postgres', postgres]),
    ...(readPostgres === undefined ? [] : ['--read-postgres', readPostgres]),
    ...(role === undefined ? [] : ['--role', role.join(',')]),
    '--lease-ttl',
    String(leaseTtl),
    '--drain',
    String(drain),
  ];
  const given = [
    ...serviceArguments(options),
    '--port',
    String(port ?? environmentPort()),
    '--host',
    host,
    '--log-level',
    logLevel,
    ...storage,
  ];
  return [...node, program, 'start', module, ...given];
}

/** A child process that is started again and again, one at a time. */
class Restarted {
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  /** Stops what runs, and starts it anew. */
  restart(): Promise<void> {
    this.#last = this.#last.then(async () => {
      await this.#end();
      const child = spawn(process.execPath, this.#args, {
        stdio: 'inherit',
        env: { ...process.env, [typeScriptMark]: '1' },
      });
      this.#child = child;
      child.once('exit', (code) => {
        if (this.#child !== child) return;
        this.#child = undefined;
        if (code !== 0) process.stdout.write('It stopped; waiting for a change.\n');
      });
    });
    return this.#last;
  }

  stop(): Promise<void> {
    this.#last = this.#last.then(() => this.#end());
    return this.#last;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}
