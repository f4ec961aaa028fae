/** How many parsed values are kept, and the longest text for which one is. */
const maxValues = 5_000;
const maxLength = 500;

/**
 * Parses JSON, and remembers: the same rows are changed again and again. What it gives is shared, and frozen through and
 * through.
 */
export class ParsedJson {
  readonly #values = new Map<string, unknown>();

  get(text: string): unknown {
    if (text.length > maxLength) return deepFreeze(JSON.parse(text));
    let value = this.#values.get(text);
    if (value === undefined) {
      value = deepFreeze(JSON.parse(text));
      if (this.#values.size >= maxValues) this.#values.clear();
      this.#values.set(text, value);
    }
    return value;
  }
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const one of Object.values(value)) deepFreeze(one);
    Object.freeze(value);
  }
  return value;
}
