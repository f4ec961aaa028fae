import { z } from 'zod';
import type {
  CallOptions,
  ChargeAnswer,
  ChargeRequest,
  PaymentProvider,
  RefundAnswer,
  RefundRequest,
} from '../payment/payment-provider.js';
import { NoAnswerError } from './simulated-provider.js';

/** Where a provider is, and how long it is waited for. */
export interface HttpProviderOptions {
  /** `http://127.0.0.1:8090` */
  readonly url: string;
  /** How long one call may take, in milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
}

/** The provider has answered that it will not do what it is asked: asking again changes nothing. */
export class ProviderRefusedError extends Error {
  readonly status: number;

  constructor(url: string, status: number, said: string) {
    super(`The payment provider at ${url} refuses the call with ${status}: ${said.slice(0, 500)}`);
    this.status = status;
  }
}

const chargeAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('charged'), chargeId: z.string() }),
  z.object({ status: z.literal('declined'), reason: z.string() }),
]);
const refundAnswer = z.object({ refundId: z.string() });

/**
 * A payment provider that is a service of its own, such as `provider-server.ts`: several processes of the shop can share it.
 *
 * The idempotency key goes along as the header `Idempotency-Key`. Whatever does not end in an answer of the provider, the connection
 * being lost, the time being up, a 5xx, is a `NoAnswerError`: nobody knows whether money has moved. Make the call again.
 */
export class HttpProvider implements PaymentProvider {
  readonly #url: string;
  readonly #timeoutMs: number;

  constructor({ url, timeoutMs = 15_000 }: HttpProviderOptions) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      throw new Error(`The payment provider is at a URL such as http://127.0.0.1:8090, not at "${url}".`);
    }
    this.#url = url.replace(/\/+$/, '');
    this.#timeoutMs = timeoutMs;
  }

  charge(request: ChargeRequest, options: CallOptions): Promise<ChargeAnswer> {
    return this.#post('/charges', request, options, chargeAnswer);
  }

  refund(request: RefundRequest, options: CallOptions): Promise<RefundAnswer> {
    return this.#post('/refunds', request, options, refundAnswer);
  }

  async #post<Answer>(
    path: string,
    body: object,
    { idempotencyKey, signal }: CallOptions,
    schema: z.ZodType<Answer>,
  ): Promise<Answer> {
    const { status, text } = await this.#send(path, body, idempotencyKey, signal);
    if (status >= 500) throw new NoAnswerError(`at ${this.#url} did not answer, but said ${status}`);
    if (status !== 200) throw new ProviderRefusedError(this.#url, status, text);
    const answer = schema.safeParse(parsed(text));
    if (answer.success) return answer.data;
    throw new NoAnswerError(`at ${this.#url} said what is no answer: ${text.slice(0, 200)}`);
  }

  async #send(
    path: string,
    body: object,
    idempotencyKey: string,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly text: string }> {
    try {
      const response = await fetch(this.#url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey },
        body: JSON.stringify(body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]),
        redirect: 'error',
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      // Whoever does not want the answer any more knows why.
      signal.throwIfAborted();
      const { name, message, cause } = error as Error & { cause?: Error };
      const why = name === 'TimeoutError' ? `within ${this.#timeoutMs} ms` : `(${cause?.message ?? message})`;
      throw new NoAnswerError(`at ${this.#url} did not answer ${why}`, { cause: error });
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
