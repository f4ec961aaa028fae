const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A new id that can be read out on the telephone: `order-7kq2-mfa9`. Ids are the client's: it can send a command again. */
export function newId(kind: string): string {
  const random = [...window.crypto.getRandomValues(new Uint8Array(8))].map((one) => letters[one % letters.length]);
  return `${kind}-${random.slice(0, 4).join('')}-${random.slice(4).join('')}`;
}
