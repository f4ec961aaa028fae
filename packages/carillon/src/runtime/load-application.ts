import type { Application } from '../definitions/application.js';
import { CarillonError } from '../definitions/errors.js';
import { hosting } from '../definitions/hosting.js';

/**
 * Loads the application that a module exports, as `default` or under any name.
 *
 * @param module the module's URL
 * @param name which application, when the module exports several
 * @param modules the modules that it has: when the exported one has more, the part of it that hosts these
 * @throws CarillonError `application-not-found` when there is none
 */
export async function loadApplication(
  module: string,
  name?: string,
  modules: readonly string[] = [],
): Promise<Application> {
  return exportedApplication((await import(module)) as Record<string, unknown>, module, name, modules);
}

/**
 * The same of a module that is loaded already.
 *
 * @param called what the module is called where it has none
 * @throws CarillonError `application-not-found`
 */
export function exportedApplication(
  exports: Readonly<Record<string, unknown>>,
  called: string,
  name?: string,
  modules: readonly string[] = [],
): Application {
  const candidates = [exports['default'], ...Object.values(exports)].filter(isApplication);
  const found = candidates.find((application) => name === undefined || application.name === name);
  if (found !== undefined) return found;
  const whole = modules.length === 0 ? undefined : candidates.find((one) => hasModules(one, modules));
  if (whole !== undefined && name !== undefined) return hosting(whole, modules, { name });
  throw new CarillonError(
    'application-not-found',
    `${called} exports no application${name === undefined ? '' : ` named ${name}`}. ` +
      "Add: export default application('…', { modules: [ … ] })",
  );
}

function isApplication(value: unknown): value is Application {
  return typeof value === 'object' && value !== null && (value as Application).kind === 'application';
}

function hasModules(application: Application, names: readonly string[]): boolean {
  return names.every((name) => application.modules.some((module) => module.name === name));
}
