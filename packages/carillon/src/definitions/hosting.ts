import { type Application, application } from './application.js';
import type { CommandDefinition } from './command.js';
import { DefinitionError } from './errors.js';
import type { ModuleDefinition } from './module.js';
import type { QueryDefinition } from './query.js';

/** What `hosting` takes besides the modules. */
export interface HostingOptions {
  /** The service's name, by which its data and its addresses go. Default: the application's and the modules', with dashes between. */
  readonly name?: string;
}

/**
 * The part of an application that one service runs: some of its modules. Nothing in their code changes. The events that they consume of the
 * other modules come in through an inbox, as CloudEvents; those that they publish go out through a relay.
 *
 * ```ts
 * export default hosting(shop, ['payment']);
 * ```
 *
 * @throws DefinitionError when the application has no such module
 */
export function hosting<Commands extends CommandDefinition, Queries extends QueryDefinition>(
  whole: Application<Commands, Queries>,
  moduleNames: readonly string[],
  { name = serviceName(whole.name, moduleNames) }: HostingOptions = {},
): Application<Commands, Queries> {
  const known = whole.modules.map((module) => module.name);
  const unknown = moduleNames.filter((one) => !known.includes(one));
  if (unknown.length > 0 || moduleNames.length === 0) {
    const problem = unknown.length > 0 ? `There is no module ${unknown.join(', ')}` : 'Say which modules to host';
    throw new DefinitionError(`${problem}. Application ${whole.name} has: ${known.join(', ')}.`);
  }
  const isHere = (module: ModuleDefinition) => moduleNames.includes(module.name);
  const { description, timeZone, system } = whole;
  return application(name, {
    modules: whole.modules.filter(isHere),
    elsewhere: [...whole.modules.filter((module) => !isHere(module)), ...whole.elsewhere],
    system,
    timeZone,
    ...(description === undefined ? {} : { description }),
  });
}

/** The name of the service that hosts these modules of an application, unless it is given another: `shop-payment`. */
export function serviceName(application: string, moduleNames: readonly string[]): string {
  return [application, ...moduleNames].join('-');
}
