import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Application } from '../definitions/application.js';
import { hosting, serviceName } from '../definitions/hosting.js';
import { UsageError } from './usage-error.js';

/** Which part of an application is meant: what one service hosts, by the service's name. */
export interface HostedOptions {
  readonly modules?: readonly string[];
  readonly name?: string;
}

/** The options by which every command is told which service is meant: `start` runs it, the others look after it. */
export function withHostedOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--modules <names>', 'only the service that hosts these modules, with commas between')
        .env('CARILLON_MODULES')
        .argParser(names),
    )
    .addOption(
      new Option('--name <name>', "that service's name (default: that of the application and its modules)").env(
        'CARILLON_NAME',
      ),
    );
}

/**
 * The application, or the part of it that a service hosts: its name says where its data is.
 *
 * @throws UsageError when a name is given to no modules
 * @throws DefinitionError when there are no such modules
 */
export function hosted(whole: Application, { modules, name }: HostedOptions): Application {
  if (modules !== undefined) return hosting(whole, modules, name === undefined ? {} : { name });
  if (name === undefined) return whole;
  throw new UsageError('--name is the name of a service that hosts some --modules: say which.');
}

/** The name of that, where there is no module to load: the application's name is said instead. */
export function hostedName(application: string, { modules, name }: HostedOptions): string {
  return name ?? (modules === undefined ? application : serviceName(application, modules));
}

/** Reads names with commas between. */
export function names(text: string): readonly string[] {
  const found = text.split(',').map((name) => name.trim());
  if (found.some((name) => name === '')) throw new InvalidArgumentError('Write names with commas between.');
  return found;
}
