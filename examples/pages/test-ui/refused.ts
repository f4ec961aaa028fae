import { expect } from 'vitest';

/** What the browser itself writes to the console about a request that was refused: compare `windows.complaints` with it. */
export function refused(status: number): unknown {
  return expect.stringContaining(`the server responded with a status of ${status}`);
}
