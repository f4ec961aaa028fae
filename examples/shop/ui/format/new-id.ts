const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A new id that can be read out on the telephone: `7kq2-mfa9`. Ids are the client's: so it can send a command again. */
export function newId(): string {
  const random = [...window.crypto.getRandomValues(new Uint8Array(8))].map((one) => letters[one % letters.length]);
  return `${random.slice(0, 4).join('')}-${random.slice(4).join('')}`;
}
