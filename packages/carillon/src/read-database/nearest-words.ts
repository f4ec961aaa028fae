/** Which words of an index are compared with a mistyped one: from one on and before another, at most so many, in order. */
export interface WordRange {
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

/** How many words with the same beginning are compared. */
const maxCompared = 5_000;
/** How many words are taken in place of one. */
const maxNearest = 8;
/** Shorter words are near too many others. */
const minLength = 4;
const minLengthForTwoMistakes = 8;

/** The words that a mistyped word is compared with: those that begin with the same letter. None for a short word. */
export function comparedWords(word: string): WordRange | undefined {
  const letters = [...foldWord(word)];
  if (letters.length < minLength) return undefined;
  const from = letters[0]!;
  return { from, to: String.fromCodePoint(from.codePointAt(0)! + 1), limit: maxCompared };
}

/**
 * The words that a mistyped word was probably meant to be, of those that it is compared with: the nearest to it, with one
 * mistake (a letter wrong, missing, too many, or two changed over), or two in a long word.
 */
export function nearestWords(word: string, compared: readonly string[]): readonly string[] {
  const letters = [...foldWord(word)];
  const allowed = letters.length >= minLengthForTwoMistakes ? 2 : 1;

  const near: { readonly candidate: string; readonly mistakes: number }[] = [];
  for (const candidate of compared) {
    if (Math.abs(candidate.length - letters.length) > allowed) continue;
    const mistakes = distance(letters, [...candidate], allowed);
    if (mistakes <= allowed) near.push({ candidate, mistakes });
  }
  const fewest = Math.min(...near.map(({ mistakes }) => mistakes));
  return near
    .filter(({ mistakes }) => mistakes === fewest)
    .slice(0, maxNearest)
    .map(({ candidate }) => candidate);
}

/** Without diacritics, as an index holds words. */
export function foldWord(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');
}

/** The optimal string alignment distance; something above `most` when it is more than that. */
function distance(a: readonly string[], b: readonly string[], most: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let lowest = i;
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, substitution);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
      if (best < lowest) lowest = best;
    }
    if (lowest > most) return lowest;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
