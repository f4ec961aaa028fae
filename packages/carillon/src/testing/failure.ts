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
