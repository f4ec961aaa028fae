/** An answer that was received, by which the server can say that nothing has changed. */
export interface CachedAnswer {
  readonly etag: string;
  readonly result: unknown;
}

/** The last answers by URL. Holds so many, and forgets the one that was not used for longest. */
export class AnswerCache {
  readonly #answers = new Map<string, CachedAnswer>();
  readonly #maxAnswers: number;

  constructor(maxAnswers: number) {
    this.#maxAnswers = maxAnswers;
  }

  get(url: string): CachedAnswer | undefined {
    const answer = this.#answers.get(url);
    if (answer !== undefined) this.#answers.delete(url);
    if (answer !== undefined) this.#answers.set(url, answer);
    return answer;
  }

  set(url: string, answer: CachedAnswer): void {
    this.#answers.delete(url);
    this.#answers.set(url, answer);
    if (this.#answers.size <= this.#maxAnswers) return;
    const oldest = this.#answers.keys().next();
    if (oldest.done !== true) this.#answers.delete(oldest.value);
  }
}
