import { DefinitionError } from './errors.js';

const publicName = /^[A-Za-z][A-Za-z0-9_.-]{0,127}$/;

/** @throws DefinitionError when `name` cannot name a definition: names appear in URLs, file names and database tables */
export function checkName(kind: string, name: string): void {
  if (typeof name === 'string' && publicName.test(name)) return;
  throw new DefinitionError(
    `"${name}" cannot be the name of ${kind}. ` +
      'Use 1 to 128 letters, digits, "_", "-" and ".", beginning with a letter.',
  );
}

/** @throws DefinitionError when `version` is not a whole number from 1 */
export function checkVersion(kind: string, name: string, version: number): void {
  if (Number.isSafeInteger(version) && version >= 1) return;
  throw new DefinitionError(`The version of ${kind} ${name} is ${version}; it must be a whole number from 1.`);
}
