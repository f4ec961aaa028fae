import { type Schema, validate } from '../definitions/schema.js';

/**
 * Makes a query's parameters from a URL, where everything is text: what the schema refuses as text is tried as a number, as
 * `true` or `false`, as JSON, and as a list. A parameter given several times is a list.
 *
 * The result still has to be validated: what no reading makes acceptable stays text.
 *
 * @param texts each parameter's texts, in their order
 */
export function coerceParams(schema: Schema, texts: ReadonlyMap<string, readonly string[]>): Record<string, unknown> {
  // No prototype: a parameter may have any name.
  const params: Record<string, unknown> = Object.create(null);
  const untried = new Map<string, unknown[]>();
  for (const [name, values] of texts) {
    const [first, ...more] = readings(values);
    params[name] = first;
    untried.set(name, more);
  }
  for (;;) {
    const refused = refusedParams(schema, { ...params });
    let isChanged = false;
    for (const name of refused) {
      const more = untried.get(name);
      if (more === undefined || more.length === 0) continue;
      params[name] = more.shift();
      isChanged = true;
    }
    if (!isChanged) break;
  }
  // What no reading made acceptable is reported as what was sent.
  for (const name of refusedParams(schema, { ...params })) {
    const values = texts.get(name);
    if (values !== undefined) params[name] = values.length === 1 ? values[0] : values;
  }
  return { ...params };
}

function refusedParams(schema: Schema, params: Record<string, unknown>): Set<string> {
  const checked = validate(schema, params);
  if (checked instanceof Promise || checked.issues === undefined) return new Set();
  return new Set(
    checked.issues.map(({ path }) => (path.split('/')[1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~')),
  );
}

/** What texts may mean, the likeliest first. */
function readings(values: readonly string[]): unknown[] {
  if (values.length > 1) return [values, values.map((value) => parse(value) ?? value)];
  const [text = ''] = values;
  const parsed = parse(text);
  const found: unknown[] = [text];
  if (parsed !== undefined) found.push(parsed);
  found.push([text]);
  if (parsed !== undefined) found.push([parsed]);
  return found;
}

/** The value that a text is in JSON; undefined when it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
