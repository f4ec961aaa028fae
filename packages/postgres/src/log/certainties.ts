/** Says whether events became durable at the places at which they were seen. */
interface Certainty {
  /** All of them are up to here. */
  readonly position: number;
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What is waited for by those who have seen events at places that may still change. In order of position. */
export class Certainties {
  readonly #waiting: Certainty[] = [];

  /** Settles when it is certain whether everything up to a position, which is not durable yet, is durable there. */
  of(position: number): Promise<void> {
    const newest = this.#waiting[this.#waiting.length - 1];
    if (newest?.position === position) return newest.promise;
    const certainty = newCertainty(position);
    this.#waiting.push(certainty);
    return certainty.promise;
  }

  /** Everything up to a position is durable where it was seen. */
  confirm(durable: number): void {
    while (this.#waiting[0] !== undefined && this.#waiting[0].position <= durable) this.#waiting.shift()!.resolve();
  }

  /** What waits is not where it was seen. The error is made only if somebody waits for it: where several append, that is often. */
  disappoint(error: () => Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error());
  }
}

function newCertainty(position: number): Certainty {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Whoever asked may have lost interest; the appends themselves are told in any case.
  promise.catch(() => undefined);
  return { position, promise, resolve, reject };
}
