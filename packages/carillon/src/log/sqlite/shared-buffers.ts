/** The smallest buffer that is made, and the largest that is kept for later. */
const smallestBytes = 1_048_576;
const largestKeptBytes = 8_388_608;

/** How many buffers are kept: as many as are on their way at a time, and one that is being filled. */
const kept = 5;

/** Memory that two threads see, used again and again: making it anew for each message costs more than filling it. */
export class SharedBuffers {
  readonly #free: SharedArrayBuffer[] = [];

  /** A buffer of at least so many bytes. Give it back when nobody uses it any more. */
  take(bytes: number): SharedArrayBuffer {
    const fitting = this.#free.findIndex((buffer) => buffer.byteLength >= bytes);
    if (fitting >= 0) return this.#free.splice(fitting, 1)[0] as SharedArrayBuffer;
    return new SharedArrayBuffer(Math.max(smallestBytes, bytes));
  }

  giveBack(buffer: SharedArrayBuffer): void {
    if (buffer.byteLength > largestKeptBytes) return;
    this.#free.push(buffer);
    // The smallest one goes: a larger one does for everything that it does for.
    if (this.#free.length > kept) this.#free.sort((a, b) => b.byteLength - a.byteLength).pop();
  }
}
