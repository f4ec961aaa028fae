import assert from 'node:assert/strict';
import { CarillonError } from '../definitions/errors.js';
import { AppendConditionError } from '../log/log-errors.js';

/** Errors are told by their class: anything else is a different failure. */
export async function rejects<E extends CarillonError>(
  attempt: () => Promise<unknown>,
  expected: new (...args: never[]) => E,
): Promise<E> {
  let error: unknown;
  try {
    await attempt();
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error !== undefined, `expected ${expected.name}, but it succeeded`);
  assert.ok(error instanceof expected, `expected ${expected.name}, but got ${String(error)}`);
  assert.ok(error instanceof CarillonError && error.message.length > 0);
  return error;
}

/** The append condition did not hold, because of the event at that position. */
export async function conflicts(attempt: () => Promise<unknown>, position: number): Promise<void> {
  const error = await rejects(attempt, AppendConditionError);
  assert.equal(error.conflictingPosition, position, 'the error names the first conflicting position');
}

/** Waits until a condition holds; gives up after a while that no working log needs. */
export async function eventually(what: string, holds: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 15_000;
  while (!holds()) {
    assert.ok(Date.now() < giveUpAt, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
