import type { Actor } from 'carillon';

/**
 * For `authorize` of commands that only reactions issue, which are not asked: nobody who comes from outside may say that a course
 * is on its table. Only operators may, to put something right by hand.
 */
export function fromInside(actor: Actor | undefined): boolean {
  return actor?.roles?.includes('operator') === true;
}
