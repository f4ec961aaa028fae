/** Numbers that look random and are the same for the same seed: Mulberry32. */
export class RandomSource {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0, below `bound`. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** A few different ones of the list, at least `least`, at most `most`. */
  some<T>(list: readonly T[], least: number, most: number): T[] {
    const chosen = new Set<T>();
    const count = least + this.below(most - least + 1);
    while (chosen.size < count) chosen.add(this.pick(list));
    return [...chosen];
  }
}
