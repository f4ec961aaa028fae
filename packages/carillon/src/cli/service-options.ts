import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Application } from '../definitions/application.js';
import { CarillonError } from '../definitions/errors.js';
import type { Transport } from '../relay/transport.js';
import { type HostedOptions, hosted, withHostedOptions } from './hosted-options.js';
import { UsageError } from './usage-error.js';

/** Which part of a system a process runs, and how it is connected with the others. */
export interface ServiceOptions extends HostedOptions {
  readonly nats?: readonly string[];
  readonly natsReplicas?: number;
}

/** The package that knows NATS: not part of this one, so that nobody has to install its client. */
const natsPackage = '@carillon/nats';

/** The options by which a command is told which service it is. */
export function withServiceOptions(command: Command): Command {
  return withHostedOptions(command)
    .addOption(
      new Option('--nats <servers>', 'exchange published events over NATS JetStream: URLs, with commas between')
        .env('CARILLON_NATS')
        .argParser(addresses),
    )
    .addOption(
      new Option('--nats-replicas <count>', 'on how many servers of a cluster new streams are kept: 1, 3 or 5')
        .env('CARILLON_NATS_REPLICAS')
        .argParser(replicas),
    );
}

/** These options as arguments again. */
export function serviceArguments({ modules, name, nats, natsReplicas }: ServiceOptions): string[] {
  return [
    ...(modules === undefined ? [] : ['--modules', modules.join(',')]),
    ...(name === undefined ? [] : ['--name', name]),
    ...(nats === undefined ? [] : ['--nats', nats.join(',')]),
    ...(natsReplicas === undefined ? [] : ['--nats-replicas', String(natsReplicas)]),
  ];
}

/**
 * The part of the application that is to run.
 *
 * @throws UsageError when modules elsewhere could not be heard
 * @throws DefinitionError when there are no such modules
 */
export function serviceOf(whole: Application, options: ServiceOptions): Application {
  const service = hosted(whole, options);
  const missing = [...service.imports.keys()];
  if (options.nats === undefined && missing.length > 0) {
    throw new UsageError(
      `${service.name} consumes events of ${missing.join(', ')}, which run elsewhere: say with --nats where they come from.`,
    );
  }
  return service;
}

/** What carries published events, or undefined when nothing was named. @throws UsageError, CarillonError `package-missing` */
export async function transportOf({ nats, natsReplicas }: ServiceOptions): Promise<Transport | undefined> {
  if (nats === undefined) {
    if (natsReplicas === undefined) return undefined;
    throw new UsageError('--nats-replicas needs --nats.');
  }
  for (const server of nats) {
    const port = /:(\d+)\/?$/.exec(server)?.[1];
    if (/^(nats|tls):\/\/./.test(server) && Number(port ?? 1) <= 65_535) continue;
    throw new UsageError(`--nats takes URLs such as nats://127.0.0.1:4222, and not "${withoutPassword(server)}".`);
  }
  const { natsTransport } = await loadNats();
  return natsTransport({ servers: nats, ...(natsReplicas === undefined ? {} : { replicas: natsReplicas }) });
}

/** A comma may also be in a password: between two addresses a scheme follows. */
function addresses(text: string): string[] {
  return text.split(/,(?=\s*[a-z][a-z\d+.-]*:\/\/)/i).map((one) => one.trim());
}

/** However it is written, nothing that stands before an `@` is shown. */
function withoutPassword(address: string): string {
  return address.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/i, '$1…@');
}

interface NatsPackage {
  natsTransport(options: { readonly servers: readonly string[]; readonly replicas?: number }): Transport;
}

async function loadNats(): Promise<NatsPackage> {
  try {
    return (await import(natsPackage)) as NatsPackage;
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new CarillonError('package-missing', `${natsPackage} is not installed: npm install ${natsPackage}`, {
      cause,
    });
  }
}

function replicas(text: string): number {
  if (['1', '3', '5'].includes(text)) return Number(text);
  throw new InvalidArgumentError('It is 1, 3 or 5.');
}
