import { createHash } from 'node:crypto';
import type { ChargeRequest, RefundRequest } from '../payment/payment-provider.js';

/** A call to the provider, as a plan sees it. */
export type ProviderCall =
  | ({ readonly kind: 'charge' } & ChargeRequest)
  | ({ readonly kind: 'refund' } & RefundRequest);

/** How the provider behaves when it gets a call. */
export interface Behaviour {
  /** Refuses a charge: with this reason. */
  readonly decline?: string;
  /** How long it takes until the answer is there, in milliseconds. The money moves halfway. Default: as long as the provider takes. */
  readonly answerAfterMs?: number;
  /** How many answers get lost on their way before one arrives. The money moves all the same. */
  readonly lostAnswers?: number;
}

/** Says how the provider behaves. The same call always gets the same: plans know no chance. */
export type Plan = (call: ProviderCall) => Behaviour;

/** Everybody can pay, and every answer arrives. */
export const fairPlan: Plan = () => ({});

/** How late the answer is for customers who are to see what happens then: later than the shop waits. */
const lateMs = 6 * 60_000;

/**
 * The customer decides, to try things out: `…-declined` has no money, for `…-late` the answer comes when the shop has given the
 * order up, for `…-silent` two answers get lost. All others pay at once.
 */
export const planByCustomer: Plan = (call) => {
  if (call.kind === 'refund') return {};
  if (call.customerId.endsWith('-declined')) return { decline: 'insufficient funds' };
  if (call.customerId.endsWith('-late')) return { answerAfterMs: lateMs };
  if (call.customerId.endsWith('-silent')) return { lostAnswers: 2 };
  return {};
};

/** How many of the calls go wrong, from 0 to 1. */
export interface Mishaps {
  readonly declined?: number;
  readonly late?: number;
  readonly lost?: number;
  /** How late a late answer is, at most, in milliseconds. */
  readonly lateMs?: number;
}

/** Some calls go wrong: which ones follows from the seed and what is asked, not from the order in which calls come. */
export function seededPlan(seed: number, mishaps: Mishaps): Plan {
  const { declined = 0, late = 0, lost = 0, lateMs: longestMs = lateMs } = mishaps;
  return (call) => {
    const about = call.kind === 'charge' ? call.orderId : call.chargeId;
    const [decline, lateness, howLate, loss, howMany] = dice(`${seed}:${call.kind}:${about}`);
    return {
      ...(call.kind === 'charge' && decline! < declined ? { decline: 'insufficient funds' } : {}),
      ...(lateness! < late ? { answerAfterMs: Math.ceil(howLate! * longestMs) } : {}),
      ...(loss! < lost ? { lostAnswers: 1 + Math.floor(howMany! * 2) } : {}),
    };
  };
}

/** Five numbers from 0 up to, not including, 1: the same for the same text. */
function dice(text: string): number[] {
  const hash = createHash('sha256').update(text).digest();
  return [0, 4, 8, 12, 16].map((offset) => hash.readUInt32BE(offset) / 2 ** 32);
}
