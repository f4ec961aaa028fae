import type { Actor } from 'carillon';

/**
 * For `authorize`: commands that are issued by reactions, which are not asked. From outside only operators may, to put
 * something right by hand.
 */
export function insideOnly(actor: Actor | undefined): boolean {
  return actor?.roles?.includes('operator') === true;
}
