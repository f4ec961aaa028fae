import type { Command } from 'commander';
import type { Application } from '../definitions/application.js';
import { defaultFolder } from './data-folder.js';
import { type HostedOptions, hosted, withHostedOptions } from './hosted-options.js';
import { openModule } from './open-module.js';
import { postgresOption } from './storage-options.js';

/** Whom a command looks after: an application or one of its services, and where the data of that is. */
export interface ApplicationOptions extends HostedOptions {
  readonly data: string;
  readonly postgres?: string;
}

/** The module, where the data is, and which service is meant: what every command takes that looks after an application. */
export function ofApplication(command: Command): Command {
  const told = command
    .argument('<module>', 'the module that exports the application')
    .option('-d, --data <folder>', 'the folder of the application; env CARILLON_DATA', defaultFolder())
    .addOption(postgresOption('its data is in PostgreSQL instead'));
  return withHostedOptions(told);
}

/**
 * The application, or the service, that is looked after.
 *
 * @throws UsageError, CarillonError when there is no such module, or no such service of it
 */
export async function applicationOf(module: string, options: HostedOptions): Promise<Application> {
  return hosted((await openModule(module)).application, options);
}
