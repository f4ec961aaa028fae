/** Tells the hashes of types from those of tags: a type and a tag may have the same name. */
const typeMark = 0x7f4a7c15;

/**
 * Hashes of tags and types: 32 bits, seeded for each log, so that nobody can choose ids that fall on one another.
 * Different texts may have one hash: whoever looks something up by hash compares the event itself afterwards.
 */
export interface PostingHash {
  ofTag(tag: string): number;
  ofType(type: string): number;
}

/** @param seed any whole number of 32 bits, kept with the log: the same seed gives the same hashes */
export function postingHash(seed: number): PostingHash {
  return {
    ofTag: (tag) => hash(tag, seed),
    ofType: (type) => hash(type, seed ^ typeMark),
  };
}

/** In the manner of MurmurHash 3, a UTF-16 code unit at a time. */
function hash(text: string, seed: number): number {
  let h = seed | 0;
  for (let i = 0; i < text.length; i++) {
    let k = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = Math.imul(h, 5) + 0xe6546b64;
  }
  return mix32(h ^ text.length);
}

/** Spreads every bit over all 32; the result is not negative. */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
