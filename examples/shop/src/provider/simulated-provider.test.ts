import { describe, expect, it } from 'vitest';
import { memoryBook } from './book.js';
import { planByCustomer, seededPlan } from './plan.js';
import { NoAnswerError, SimulatedProvider, UnknownChargeError } from './simulated-provider.js';

const amount = { amount: 950, currency: 'EUR' };
const request = { orderId: 'o1', customerId: 'ada', amount };
const call = (idempotencyKey: string, signal = new AbortController().signal) => ({ idempotencyKey, signal });

/** Time that stands still until it is let go. */
function heldTime() {
  const waiting: (() => void)[] = [];
  return {
    sleep: () => new Promise<void>((resolve) => void waiting.push(resolve)),
    /** Ends the waits that are under way, and lets everything go on that waited for them. */
    pass: async () => {
      for (const go of waiting.splice(0)) go();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('the simulated provider', () => {
  it('charges and gives back, once for each key', async () => {
    const book = memoryBook();
    const provider = new SimulatedProvider({ book });
    const charged = { status: 'charged', chargeId: 'charge-1' };
    expect(await Promise.all([1, 2, 3].map(() => provider.charge(request, call('a'))))).toEqual([
      charged,
      charged,
      charged,
    ]);
    const refund = { chargeId: 'charge-1', amount };
    expect(await provider.refund(refund, call('b'))).toEqual({ refundId: 'refund-2' });
    expect(await provider.refund(refund, call('b'))).toEqual({ refundId: 'refund-2' });
    expect(book.entries()).toEqual([
      { kind: 'charge', id: 'charge-1', idempotencyKey: 'a', ...request, status: 'charged' },
      { kind: 'refund', id: 'refund-2', idempotencyKey: 'b', ...refund },
    ]);
  });

  it('knows nothing but keys: under two of them it charges twice', async () => {
    const book = memoryBook();
    const provider = new SimulatedProvider({ book });
    await provider.charge(request, call('a'));
    await provider.charge(request, call('b'));
    expect(book.entries()).toHaveLength(2);
  });

  it('gives the same answers from its book after a restart', async () => {
    const book = memoryBook();
    const before = new SimulatedProvider({ book, plan: planByCustomer });
    await before.charge({ ...request, customerId: 'bob-declined' }, call('a'));
    await before.charge(request, call('b'));
    const after = new SimulatedProvider({ book });
    expect(await after.charge(request, call('a'))).toEqual({ status: 'declined', reason: 'insufficient funds' });
    expect(await after.charge(request, call('b'))).toEqual({ status: 'charged', chargeId: 'charge-2' });
    expect(await after.charge(request, call('c'))).toEqual({ status: 'charged', chargeId: 'charge-3' });
  });

  it('loses answers, and not what it has done', async () => {
    const book = memoryBook();
    const provider = new SimulatedProvider({ book, plan: () => ({ lostAnswers: 2 }) });
    await expect(provider.charge(request, call('a'))).rejects.toThrow(NoAnswerError);
    expect(book.entries()).toHaveLength(1);
    await expect(provider.charge(request, call('a'))).rejects.toThrow(NoAnswerError);
    expect(await provider.charge(request, call('a'))).toEqual({ status: 'charged', chargeId: 'charge-1' });
    expect(book.entries()).toHaveLength(1);
  });

  it('ends what it has begun, whether somebody waits or not', async () => {
    const book = memoryBook();
    const time = heldTime();
    const provider = new SimulatedProvider({ book, latencyMs: 1_000, sleep: time.sleep });
    const impatient = new AbortController();
    const given = provider.charge(request, call('a', impatient.signal));
    impatient.abort(new Error('too slow'));
    await expect(given).rejects.toThrow('too slow');
    expect(book.entries()).toEqual([]);
    const again = provider.charge(request, call('a'));
    await time.pass();
    expect(book.entries()).toHaveLength(1);
    await time.pass();
    expect(await again).toEqual({ status: 'charged', chargeId: 'charge-1' });
    expect(book.entries()).toHaveLength(1);
    await expect(provider.charge(request, call('a', impatient.signal))).rejects.toThrow('too slow');
  });

  it('gives nothing back that it has not taken', async () => {
    const provider = new SimulatedProvider();
    await expect(provider.refund({ chargeId: 'charge-1', amount }, call('a'))).rejects.toThrow(UnknownChargeError);
  });
});

describe('a plan', () => {
  const charge = (orderId: string, customerId = 'ada') => ({ kind: 'charge' as const, orderId, customerId, amount });

  it('follows the customer', () => {
    expect(planByCustomer(charge('o1'))).toEqual({});
    expect(planByCustomer(charge('o1', 'ada-declined'))).toEqual({ decline: 'insufficient funds' });
    expect(planByCustomer(charge('o1', 'ada-late'))).toEqual({ answerAfterMs: 360_000 });
    expect(planByCustomer(charge('o1', 'ada-silent'))).toEqual({ lostAnswers: 2 });
    expect(planByCustomer({ kind: 'refund', chargeId: 'charge-1', amount })).toEqual({});
  });

  it('follows the seed: the same calls go wrong whenever it is asked, others for another seed', () => {
    const calls = Array.from({ length: 1_000 }, (_, n) => charge(`o${n}`));
    const mishaps = { declined: 0.1, late: 0.2, lost: 0.3, lateMs: 60_000 };
    const behaviours = calls.map(seededPlan(1, mishaps));
    expect([...calls].reverse().map(seededPlan(1, mishaps)).reverse()).toEqual(behaviours);
    expect(calls.map(seededPlan(2, mishaps))).not.toEqual(behaviours);
    const share = (has: (one: (typeof behaviours)[number]) => boolean) => behaviours.filter(has).length / calls.length;
    expect(share(({ decline }) => decline !== undefined)).toBeCloseTo(0.1, 1);
    expect(share(({ answerAfterMs }) => answerAfterMs !== undefined)).toBeCloseTo(0.2, 1);
    expect(share(({ lostAnswers }) => lostAnswers !== undefined)).toBeCloseTo(0.3, 1);
    expect(Math.max(...behaviours.map(({ answerAfterMs = 0 }) => answerAfterMs))).toBeLessThanOrEqual(60_000);
    expect(calls.map(seededPlan(1, {}))).toEqual(calls.map(() => ({})));
  });
});
