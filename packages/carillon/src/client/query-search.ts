/**
 * Writes the parameters of a query as the part of a URL after `?`: lists as the same name several times, objects as JSON.
 * `undefined` is left out.
 */
export function querySearch(params: unknown): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries((params ?? {}) as Record<string, unknown>)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, text(one));
  }
  search.sort();
  return search.toString();
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
