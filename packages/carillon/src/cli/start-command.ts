import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { SerializedError } from 'pino';
import type { Application } from '../definitions/application.js';
import type { HttpOptions } from '../http/http-options.js';
import type { Transport } from '../relay/transport.js';
import { allRoles, type Role } from '../runtime/roles.js';
import { defaultFolder } from './data-folder.js';
import { withExamples } from './examples.js';
import { logWarnings } from './log-warnings.js';
import { portNumber, positiveInteger, wholeNumber } from './numbers.js';
import { openModule } from './open-module.js';
import { type ServiceOptions, serviceOf, transportOf, withServiceOptions } from './service-options.js';
import { shutDownOnSignals } from './signals.js';
import { roles, type StorageOptions, storageOf, withStorageOptions } from './storage-options.js';
import { UsageError } from './usage-error.js';

/** What `start` and `dev` take. */
export interface StartCommandOptions extends StorageOptions, ServiceOptions {
  readonly data: string;
  readonly port?: number;
  readonly host: string;
  readonly logLevel: string;
  readonly role?: readonly Role[];
  readonly leaseTtl: number;
  readonly drain: number;
}

/** How long what was begun has when the process is to stop, in milliseconds; and how much of it requests have to themselves. */
const stopLimitMs = 10_000;
const servedFirstMs = 1_500;

const logLevels = ['silent', 'error', 'warn', 'info'];

/** The options that `start` and `dev` share. */
export function withServerOptions(command: Command): Command {
  const told = command
    .argument('<module>', 'the module that exports the application')
    .option('-d, --data <folder>', 'where the data is kept; env CARILLON_DATA', defaultFolder());
  return withServiceOptions(withStorageOptions(told))
    .option('-p, --port <port>', 'the port to listen on; env PORT (default: 8080)', portNumber)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--log-level <level>', logLevels.join(', '), 'warn')
    .addOption(
      new Option('--role <roles>', 'what this process does: all, or some of write, read, work with commas between')
        .env('CARILLON_ROLE')
        .argParser(roles),
    )
    .option(
      '--lease-ttl <seconds>',
      'where processes share a database: how long after one has died others do its work',
      positiveInteger,
      10,
    )
    .option('--drain <seconds>', 'when told to stop, say so at /health/ready and go on for so long', wholeNumber, 0);
}

/** `carillon start`: an application at work, served over HTTP. */
export function startCommand(parent: Command): void {
  const command = withServerOptions(parent.command('start'))
    .summary('run an application and serve it over HTTP')
    .description(
      'Runs an application on a folder, and serves it over HTTP until it is interrupted. ' +
        'The module may also export `http`, the options of HTTP: without its `authenticate`, only this machine may ask.',
    )
    .action(startApplication);
  withExamples(command, [
    'start dist/library.js',
    'start src/library.ts --data ./data/library --port 8080',
    'start dist/shop.js --postgres postgresql://shop@db/shop --role write --drain 5',
    'start dist/shop.js --modules payment --nats nats://127.0.0.1:4222',
  ]);
}

async function startApplication(path: string, options: StartCommandOptions): Promise<void> {
  if (!logLevels.includes(options.logLevel)) {
    throw new UsageError(`--log-level is one of ${logLevels.join(', ')}, not ${options.logLevel}.`);
  }
  const port = options.port ?? environmentPort();
  // Loaded here, so that the other commands need not wait for it.
  const [{ pino, stdSerializers }, { checkHost, serve }, { start }] = await Promise.all([
    import('pino'),
    import('../http/server.js'),
    import('../runtime/start.js'),
  ]);
  const { application: whole, module } = await openModule(path);
  const application = serviceOf(whole, options);
  const { http } = (await import(module)) as { readonly http?: HttpOptions };
  const err = stdSerializers.wrapErrorSerializer(saidOnce);
  const logger = pino({ level: options.logLevel, serializers: { err } });
  // In a terminal they are read by people, who want the stack on lines of its own.
  if (!process.stdout.isTTY) logWarnings(logger);
  // Before anything is opened, or made on disk.
  checkHost(options.host, http?.authenticate === undefined ? [application.name] : []);
  const transport = await transportOf(options);
  const storage = await storageOf(options);
  if (storage === undefined && options.role !== undefined && options.role.length < allRoles.length) {
    throw new UsageError('--role needs --postgres: a folder belongs to one process, which does everything.');
  }
  const folder = resolve(options.data);
  const running = await start(
    application,
    storage === undefined
      ? { folder, module }
      : {
          storage,
          leaseTtlMs: options.leaseTtl * 1_000,
          ...(options.role === undefined ? {} : { roles: options.role }),
        },
  );
  if (transport !== undefined) {
    const { connect } = await import('../relay/connect.js');
    await connect(running, { transport });
  }
  const server = await serve({ applications: [{ ...http, running }], host: options.host, port, logger }).catch(
    async (error: unknown) => {
      await running.close();
      await transport?.close();
      throw error;
    },
  );
  const base = `${server.url}/${application.name}`;
  const lines = [
    `${application.name} is running.`,
    ...addressLines(base, running.roles),
    ...hereLines(base, options.host),
    `  data      ${storage?.name ?? folder}`,
    ...roleLines(running.roles),
    ...serviceLines(application, transport),
    'Ctrl-C stops it.',
  ];
  // Before it says that it runs: whoever hears that may stop it at once.
  const stopped = shutDownOnSignals(async () => {
    server.drain();
    await sleep(options.drain * 1_000);
    endInTime();
    // What takes longer goes on beside the application, which waits for it and then refuses it.
    const served = server.close({ timeoutMs: stopLimitMs - 500 });
    await Promise.race([served, sleep(servedFirstMs, undefined, { ref: false })]);
    await running.close();
    await served;
    await transport?.close();
  });
  process.stdout.write(`${lines.join('\n')}\n`);
  await stopped;
}

/** Pino writes the messages of all causes behind that of the error: Carillon's errors have them in theirs. The stack has both. */
function saidOnce(error: SerializedError): SerializedError {
  error.message = error.raw.message;
  return error;
}

/** Whatever still keeps the process then (a broker or database that is away, say) does not keep it any longer. */
function endInTime(): void {
  const end = () => {
    process.stderr.write(`Not everything had ended after ${stopLimitMs / 1_000} seconds: what is left is cut off.\n`);
    process.exit(1);
  };
  setTimeout(end, stopLimitMs).unref();
}

/** Where it answers: only what a process with these roles does. */
function addressLines(base: string, own: readonly Role[]): string[] {
  const lines: string[] = [];
  if (own.includes('write')) lines.push(`  commands  POST ${base}/commands/…`);
  if (own.includes('read')) lines.push(`  queries   GET  ${base}/queries/…`);
  lines.push(lines.length > 0 ? `  API       ${base}/openapi.json` : `  health    ${base}/health/ready`);
  return lines;
}

/** The address to type on this machine, where it listens on all of its addresses: that is none to go to. */
function hereLines(base: string, host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [];
  const here = new URL(base);
  here.hostname = 'localhost';
  return [`  here      ${here.href}`];
}

/** What a service hosts, and where it hears of the rest. */
function serviceLines({ modules, imports }: Application, transport: Transport | undefined): string[] {
  if (transport === undefined) return [];
  const lines = [`  modules   ${modules.map(({ name }) => name).join(', ')}`, `  events    ${transport.name}`];
  if (imports.size > 0) lines.push(`  hears     ${[...imports.keys()].join(', ')}`);
  return lines;
}

function roleLines(own: readonly Role[]): string[] {
  return own.length === allRoles.length ? [] : [`  role      ${own.join(', ')}`];
}

/** The port that the environment says, or 8080. @throws UsageError when it says none */
export function environmentPort(): number {
  const given = process.env['PORT'];
  if (given === undefined || given === '') return 8080;
  try {
    return portNumber(given);
  } catch {
    throw new UsageError(`The environment variable PORT is "${given}": use a port from 0 to 65535.`);
  }
}
