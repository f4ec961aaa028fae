/**
 * Writes the parameters of a query as the part of a URL after `?`: lists as the same name several times, objects as JSON.
 * `undefined` is left out. A list that would be read as something else is JSON, too.
 */
export function querySearch(params: unknown): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries((params ?? {}) as Record<string, unknown>)) {
    if (value === undefined) continue;
    const isList = Array.isArray(value) && !isMistakable(value);
    for (const one of isList ? value : [value]) search.append(name, text(one));
  }
  search.sort();
  return search.toString();
}

/** An empty list would not be there, null would be a text, and a list, or a text that is one in JSON, would be the whole. */
function isMistakable(list: readonly unknown[]): boolean {
  if (list.length === 0 || list.includes(null)) return true;
  const [first] = list;
  return list.length === 1 && (Array.isArray(first) || (typeof first === 'string' && /^\s*\[/.test(first)));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
