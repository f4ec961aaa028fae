/** `Did you mean BorrowCopy?`, when a known name is close to the one that was asked for; else an empty text. */
export function suggestion(asked: string, known: Iterable<string>): string {
  if (asked.length > 128) return '';
  const lowered = asked.toLowerCase();
  let best = '';
  let bestDistance = Math.min(4, Math.ceil(asked.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(lowered, name.toLowerCase());
    if (distance >= bestDistance) continue;
    best = name;
    bestDistance = distance;
  }
  return best === '' ? '' : ` Did you mean ${best}?`;
}

/** How many letters must be inserted, removed or replaced (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, replaced));
    }
    previous = current;
  }
  return previous[b.length]!;
}
