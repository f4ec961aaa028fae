import { CarillonError } from '../definitions/errors.js';

/**
 * What a process does: `write` takes commands, `read` answers queries, `work` keeps read models up to date and runs reactions,
 * process managers and timers.
 */
export type Role = 'write' | 'read' | 'work';

/** Every role there is. */
export const allRoles: readonly Role[] = ['write', 'read', 'work'];

/**
 * Reads roles as people write them: `all`, or some of them with commas between.
 *
 * @throws CarillonError `role-unknown`
 */
export function parseRoles(text: string): readonly Role[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('all')) return allRoles;
  for (const name of names) {
    if ((allRoles as readonly string[]).includes(name)) continue;
    throw new CarillonError('role-unknown', `"${name}" is no role. There are: all, ${allRoles.join(', ')}.`);
  }
  return allRoles.filter((role) => names.includes(role));
}

/** This process does not do that: another one does. */
export class RoleError extends CarillonError {
  /** The role that a process needs for it. */
  readonly role: Role;

  /** @param what what it does not do: `take commands` */
  constructor(role: Role, what: string) {
    super('role-missing', `This process does not ${what}: it does not have the role ${role}. Ask one that has it.`);
    this.role = role;
  }
}
