import type {
  CallOptions,
  ChargeAnswer,
  ChargeRequest,
  PaymentProvider,
  RefundAnswer,
  RefundRequest,
} from '../payment/payment-provider.js';
import { type Book, type BookEntry, type ChargeEntry, memoryBook, type RefundEntry } from './book.js';
import { fairPlan, type Plan, type ProviderCall } from './plan.js';

/** What a simulated provider is made of. */
export interface SimulatedProviderOptions {
  /** Default: one in memory. */
  readonly book?: Book;
  /** Default: everybody can pay, and every answer arrives. */
  readonly plan?: Plan;
  /** How long a call takes where the plan says nothing, in milliseconds. Default 0. */
  readonly latencyMs?: number;
  /** Lets time pass. Default: the machine's. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** The answer got lost: nobody knows whether money has moved. */
export class NoAnswerError extends Error {
  constructor(what = 'did not answer', options?: ErrorOptions) {
    super(`The payment provider ${what}.`, options);
  }
}

/** The provider is asked to give back what it never took. */
export class UnknownChargeError extends Error {
  constructor(chargeId: string) {
    super(`The payment provider knows no charge ${chargeId}.`);
  }
}

/**
 * A payment provider that moves no money. It stands outside: what it has begun it ends, whether somebody still waits for the
 * answer or not; and what it has done stands in a book of its own.
 *
 * It knows calls by their idempotency keys and by nothing else: asked for the same order under two keys it charges twice.
 */
export class SimulatedProvider implements PaymentProvider {
  readonly #book: Book;
  readonly #plan: Plan;
  readonly #latencyMs: number;
  readonly #sleep: (ms: number) => Promise<unknown>;
  /** What is being done, by key: a call that comes again meanwhile waits for the same. */
  readonly #underWay = new Map<string, Promise<BookEntry>>();
  /** How many answers got lost, by key. */
  readonly #lost = new Map<string, number>();
  /** What is done, by key. */
  #done: Map<string, BookEntry> | undefined;
  #lastNumber = 0;

  constructor({ book = memoryBook(), plan = fairPlan, latencyMs = 0, sleep = pass }: SimulatedProviderOptions = {}) {
    this.#book = book;
    this.#plan = plan;
    this.#latencyMs = latencyMs;
    this.#sleep = sleep;
  }

  async charge(request: ChargeRequest, options: CallOptions): Promise<ChargeAnswer> {
    const call: ProviderCall = { kind: 'charge', ...request };
    const { decline } = this.#plan(call);
    const result =
      decline === undefined ? { status: 'charged' as const } : { status: 'declined' as const, reason: decline };
    const entry = await this.#serve<ChargeEntry>(call, options, (id, idempotencyKey) => ({
      kind: 'charge',
      id,
      idempotencyKey,
      ...request,
      ...result,
    }));
    return entry.status === 'charged'
      ? { status: 'charged', chargeId: entry.id }
      : { status: 'declined', reason: entry.reason };
  }

  async refund(request: RefundRequest, options: CallOptions): Promise<RefundAnswer> {
    const { chargeId } = request;
    if (!this.#book.entries().some(({ kind, id }) => kind === 'charge' && id === chargeId)) {
      throw new UnknownChargeError(chargeId);
    }
    const entry = await this.#serve<RefundEntry>({ kind: 'refund', ...request }, options, (id, idempotencyKey) => ({
      kind: 'refund',
      id,
      idempotencyKey,
      ...request,
    }));
    return { refundId: entry.id };
  }

  /** Does what is asked once for each key, and lets answers get lost as the plan wants it. */
  async #serve<Entry extends BookEntry>(
    call: ProviderCall,
    { idempotencyKey, signal }: CallOptions,
    entry: (id: string, idempotencyKey: string) => Entry,
  ): Promise<Entry> {
    signal.throwIfAborted();
    let doing = this.#underWay.get(idempotencyKey);
    if (doing === undefined) {
      doing = this.#do(call, idempotencyKey, entry).finally(() => this.#underWay.delete(idempotencyKey));
      this.#underWay.set(idempotencyKey, doing);
    }
    const done = await unlessAborted(doing, signal);
    const lost = this.#lost.get(idempotencyKey) ?? 0;
    if (lost < (this.#plan(call).lostAnswers ?? 0)) {
      this.#lost.set(idempotencyKey, lost + 1);
      throw new NoAnswerError();
    }
    return done as Entry;
  }

  async #do(
    call: ProviderCall,
    key: string,
    entry: (id: string, idempotencyKey: string) => BookEntry,
  ): Promise<BookEntry> {
    this.#done ??= new Map(this.#book.entries().map((one) => [one.idempotencyKey, one]));
    const known = this.#done.get(key);
    if (known !== undefined) return known;
    const ms = this.#plan(call).answerAfterMs ?? this.#latencyMs;
    if (ms > 0) await this.#sleep(Math.floor(ms / 2));
    this.#lastNumber = Math.max(this.#lastNumber, this.#book.entries().length) + 1;
    const done = entry(`${call.kind}-${this.#lastNumber}`, key);
    await this.#book.write(done);
    this.#done.set(key, done);
    if (ms > 0) await this.#sleep(Math.ceil(ms / 2));
    return done;
  }
}

/** The machine's time. It does not keep the process alive: what is under way when that ends is asked for again. */
function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** Waits for an answer until nobody wants it any more. */
function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    void answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
