import { diff } from 'jest-diff';

/** A scenario did not come out as expected. The message shows both sides. */
export class ScenarioError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScenarioError';
  }
}

/**
 * Compares what came out with what was expected.
 *
 * @throws ScenarioError with the difference, line by line
 */
export function expectEqual(what: string, expected: unknown, actual: unknown): void {
  const [one, other] = [normal(expected), normal(actual)];
  if (JSON.stringify(one) === JSON.stringify(other)) return;
  const difference = diff(one, other, {
    aColor: plain,
    bColor: plain,
    changeColor: plain,
    commonColor: plain,
    patchColor: plain,
    expand: false,
  });
  throw new ScenarioError(`${what}:\n\n${difference ?? ''}`);
}

/** As much of `T` as one wants to say: any of the properties of objects, at every depth. Lists are said whole. */
export type Part<T> = T extends readonly (infer One)[]
  ? readonly Part<One>[]
  : T extends object
    ? { readonly [Name in keyof T]?: Part<T[Name]> }
    : T;

/**
 * The same, looking only at the properties that the expected objects have.
 *
 * @throws ScenarioError with the difference, line by line
 */
export function expectPart(what: string, expected: unknown, actual: unknown): void {
  const part = normal(expected);
  expectEqual(what, part, likePart(part, normal(actual)));
}

/** What `actual` has of the properties that `part` has. */
function likePart(part: unknown, actual: unknown): unknown {
  if (Array.isArray(part) && Array.isArray(actual)) return actual.map((one, index) => likePart(part[index], one));
  if (!isObject(part) || !isObject(actual)) return actual;
  const names = Object.keys(part).filter((name) => Object.hasOwn(actual, name));
  return Object.fromEntries(names.map((name) => [name, likePart(part[name], actual[name])]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As it comes back from JSON, with the properties of objects in one order. */
function normal(value: unknown): unknown {
  return value === undefined ? undefined : sorted(JSON.parse(JSON.stringify(value)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}

const plain = (text: string) => text;
