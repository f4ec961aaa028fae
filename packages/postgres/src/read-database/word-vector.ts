/** The letters of https://www.postgresql.org/docs/current/datatype-textsearch.html for how much a place of a word weighs. */
const classes = ['A', 'B', 'C', 'D'] as const;

/** The highest place of a word that PostgreSQL tells from later ones, and how many of one word. */
const maxPlace = 16_383;
const maxPlaces = 255;

/** Where words are cut: PostgreSQL takes up to 2,046 bytes. */
const maxWordLength = 255;

/** How many different words of a row are kept. */
const maxWords = 20_000;

/** The most bytes of words and places, below the 1 MiB that a tsvector has for them. */
const maxBytes = 1_000_000;

/** How many bytes a word takes besides its letters, and each of its places. */
const bytesOfWord = 4;
const bytesOfPlace = 2;

/** A text for `::tsvector`, and the words in it, each once. */
export interface WordVector {
  readonly text: string;
  readonly words: readonly string[];
}

/**
 * Which class of weight each of the weights is, and what the classes weigh, the heaviest 1. PostgreSQL has four: where there are
 * more, the lightest share the last.
 */
export function weightClasses(weights: readonly number[]): { letters: readonly string[]; values: readonly number[] } {
  const different = [...new Set(weights)].sort((a, b) => b - a);
  const classOf = (weight: number) => Math.min(different.indexOf(weight), classes.length - 1);
  const values = classes.map((_, i) => (different[i] ?? different.at(-1) ?? 1) / (different[0] ?? 1));
  return { letters: weights.map((weight) => classes[classOf(weight)]!), values };
}

/** The words of one row as a tsvector, as many as one holds, made here so that no setting of the server decides what a word is. */
export function wordVector(columns: readonly (readonly string[])[], weights: readonly number[]): WordVector {
  const { letters } = weightClasses(weights);
  const places = new Map<string, string[]>();
  let place = 0;
  let bytes = 0;
  for (const [column, words] of columns.entries()) {
    for (const word of words) {
      const cut = word.length <= maxWordLength ? word : word.slice(0, maxWordLength).replace(/[\uD800-\uDBFF]$/, '');
      place = Math.min(place + 1, maxPlace);
      let found = places.get(cut);
      if (found === undefined) {
        const needed = Buffer.byteLength(cut) + bytesOfWord + bytesOfPlace;
        if (places.size >= maxWords || bytes + needed > maxBytes) continue;
        bytes += needed - bytesOfPlace;
        places.set(cut, (found = []));
      }
      if (found.length >= maxPlaces || bytes + bytesOfPlace > maxBytes) continue;
      bytes += bytesOfPlace;
      found.push(`${place}${letters[column]}`);
    }
    // Words of two columns do not stand next to each other.
    place = Math.min(place + 10, maxPlace);
  }
  const text = [...places].map(([word, all]) => `'${word}':${all.join(',')}`).join(' ');
  return { text, words: [...places.keys()] };
}
