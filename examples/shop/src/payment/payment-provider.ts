import type { Money } from '../money.js';

/** A charge as the provider is asked for it. */
export interface ChargeRequest {
  /** What the customer reads on the statement. */
  readonly orderId: string;
  readonly customerId: string;
  readonly amount: Money;
}

/** What the provider says to it. */
export type ChargeAnswer =
  | { readonly status: 'charged'; readonly chargeId: string }
  | { readonly status: 'declined'; readonly reason: string };

/** A refund as the provider is asked for it: of a whole charge. */
export interface RefundRequest {
  readonly chargeId: string;
  readonly amount: Money;
}

/** What the provider says to it. */
export interface RefundAnswer {
  readonly refundId: string;
}

/** What is said with every call. */
export interface CallOptions {
  /** The same call, made again under its key, is done once and gets the same answer. */
  readonly idempotencyKey: string;
  /** Ends the wait for the answer. What the provider has begun it goes on with. */
  readonly signal: AbortSignal;
}

/**
 * Whoever moves the money: a company outside, reached over a network.
 *
 * A call that fails says nothing about whether money has moved. Make it again under the same key: then it is known.
 */
export interface PaymentProvider {
  /** Takes money from the customer. @throws when no answer came */
  charge(request: ChargeRequest, options: CallOptions): Promise<ChargeAnswer>;
  /** Gives the money of a charge back. @throws when no answer came */
  refund(request: RefundRequest, options: CallOptions): Promise<RefundAnswer>;
}
