import type { Application } from '../definitions/application.js';
import { CarillonError } from '../definitions/errors.js';

/**
 * Loads the application that a module exports, as `default` or under any name.
 *
 * @param module the module's URL
 * @param name which application, when the module exports several
 * @throws CarillonError `application-not-found` when there is none
 */
export async function loadApplication(module: string, name?: string): Promise<Application> {
  const exports = (await import(module)) as Record<string, unknown>;
  const candidates = [exports['default'], ...Object.values(exports)].filter(isApplication);
  const found = candidates.find((application) => name === undefined || application.name === name);
  if (found !== undefined) return found;
  throw new CarillonError(
    'application-not-found',
    `${module} exports no application${name === undefined ? '' : ` named ${name}`}. ` +
      "Add: export default application('…', { modules: [ … ] })",
  );
}

function isApplication(value: unknown): value is Application {
  return typeof value === 'object' && value !== null && (value as Application).kind === 'application';
}
