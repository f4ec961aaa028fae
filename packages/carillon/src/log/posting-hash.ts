/** Tells the hashes of types from those of tags: a type and a tag may have the same name. */
const typeMark = 0x7f4a7c15;

/**
 * Hashes of tags and types: 32 bits, seeded for each log, so that nobody can choose ids that fall on one another.
 * Different texts may have one hash: whoever looks something up by hash compares the event itself afterwards.
 */
export class PostingHash {
  readonly #seed: number;

  /** @param seed any whole number of 32 bits, kept with the log: the same seed gives the same hashes */
  constructor(seed: number) {
    this.#seed = seed;
  }

  ofTag(tag: string): number {
    return hash(tag, this.#seed);
  }

  ofType(type: string): number {
    return hash(type, this.#seed ^ typeMark);
  }
}

/** FNV-1a over the UTF-16 code units, its bits spread at the end. */
function hash(text: string, seed: number): number {
  let h = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix32(h);
}

/** Spreads every bit over all 32; the result is not negative. */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
