import type { Schema } from '../definitions/schema.js';

/**
 * Makes a query's parameters from a URL, where everything is text: what the schema refuses as text is tried as a number, as
 * `true` or `false`, as JSON, and as a list. A parameter given several times is a list.
 *
 * The result still has to be validated: where the schema refuses every reading of a parameter, it is given the one that fits
 * best, so that what is reported is wrong with the value and not with its being text.
 *
 * @param texts each parameter's texts, in their order
 */
export function coerceParams(schema: Schema, texts: ReadonlyMap<string, readonly string[]>): Record<string, unknown> {
  const readings = new Map<string, Readings>();
  for (const [name, values] of texts) readings.set(name, { all: readingsOf(values), current: 0, best: undefined });
  // Each round takes at least one parameter on by one reading, and nobody has many.
  while (advance(readings, refusals(schema, paramsOf(readings))));
  for (const one of readings.values()) if (one.current >= one.all.length) one.current = one.best ?? 0;
  return paramsOf(readings);
}

/** What a parameter may mean, the likeliest first. */
interface Readings {
  readonly all: readonly unknown[];
  /** Which is tried; beyond the last when all were refused. */
  current: number;
  /** The first that is of the right type, and was refused for something else. */
  best: number | undefined;
}

function advance(readings: ReadonlyMap<string, Readings>, refusals: ReadonlyMap<string, Refusal> | 'whole'): boolean {
  let isAdvanced = false;
  for (const [name, one] of readings) {
    // A refusal of everything as one (alternatives, say) may come from any parameter that means more than its text.
    const refusal = refusals === 'whole' ? (one.all.length > 2 ? 'value' : undefined) : refusals.get(name);
    if (refusal === undefined || one.current >= one.all.length) continue;
    if (refusal === 'value') one.best ??= one.current;
    one.current++;
    isAdvanced = true;
  }
  return isAdvanced;
}

function paramsOf(readings: ReadonlyMap<string, Readings>): Record<string, unknown> {
  // A parameter may have any name, `__proto__` too: entries become properties of the object itself.
  return Object.fromEntries([...readings].map(([name, { all, current }]) => [name, all[current] ?? all[0]]));
}

/** Whether a parameter is of the wrong type, or of the right one with a wrong value. */
type Refusal = 'type' | 'value';

/** Which parameters are refused, or that they are refused as a whole. */
function refusals(schema: Schema, params: Record<string, unknown>): ReadonlyMap<string, Refusal> | 'whole' {
  const found = new Map<string, Refusal>();
  const result = schema['~standard'].validate(params);
  if (result instanceof Promise || result.issues === undefined) return found;
  for (const issue of result.issues) {
    const [first] = issue.path ?? [];
    if (first === undefined) continue;
    const name = String(typeof first === 'object' ? first.key : first);
    if (found.get(name) !== 'type') found.set(name, isAboutType(issue) ? 'type' : 'value');
  }
  return found.size === 0 ? 'whole' : found;
}

/** Standard Schema does not tell a wrong type from a wrong value; what libraries add to their issues does. */
function isAboutType(issue: object): boolean {
  const { code, kind } = issue as { readonly code?: unknown; readonly kind?: unknown };
  if (typeof code === 'string') return code === 'invalid_type' || code === 'invalid_union' || code === 'domain';
  return kind !== 'validation';
}

/** What texts may mean, the likeliest first. */
function readingsOf(texts: readonly string[]): unknown[] {
  const parsed = texts.map(parse);
  if (texts.length > 1) return parsed.some(isParsed) ? [texts, parsed.map((value, i) => value ?? texts[i])] : [texts];
  const [text] = texts;
  const [value] = parsed;
  return isParsed(value) ? [text, value, [text], [value]] : [text, [text]];
}

function isParsed(value: unknown): boolean {
  return value !== undefined;
}

/** The value that a text is in JSON; undefined when it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
