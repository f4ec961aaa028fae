import { newId } from '../format/new-id.js';
import { keptStore } from '../live/kept-store.js';

/** Who buys in this browser. Nobody has to register: the id is made up here, and can be changed. */
export const customerId = keptStore('shop.customer', (kept) =>
  typeof kept === 'string' && kept !== '' ? kept : `guest-${newId()}`,
);

// The id that was just made up is the one that is found again.
customerId.set(customerId.get());
