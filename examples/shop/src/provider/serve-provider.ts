import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { money } from '../money.js';
import type { CallOptions, PaymentProvider } from '../payment/payment-provider.js';
import { id } from '../typed.js';
import { NoAnswerError, UnknownChargeError } from './simulated-provider.js';

/** A provider that can be reached over HTTP. */
export interface ServedProvider {
  /** `http://127.0.0.1:8090` */
  readonly url: string;
  /** Takes no more calls, and resolves when those that came are answered. */
  close(): Promise<void>;
}

/** The largest call that is read, in bytes. */
const maxBytes = 65_536;

const chargeRequest = z.object({ orderId: id, customerId: id, amount: money });
const refundRequest = z.object({ chargeId: z.string().min(1).max(100), amount: money });

/** Whoever asks has made a mistake: asking again changes nothing. */
class BadCallError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Serves a provider on this machine: `POST /charges` and `POST /refunds`, each with a header `Idempotency-Key`.
 *
 * An answer that gets lost does so on the wire: the connection is cut. A call whose connection is gone is ended all the same.
 */
export async function serveProvider(provider: PaymentProvider, { port = 0 } = {}): Promise<ServedProvider> {
  const server = createServer((request, response) => void respond(provider, request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}

async function respond(provider: PaymentProvider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    say(response, 200, await answer(provider, request, gone.signal));
  } catch (error) {
    if (error instanceof NoAnswerError || gone.signal.aborted) response.destroy();
    else if (error instanceof BadCallError) say(response, error.status, { error: error.message });
    else if (error instanceof UnknownChargeError) say(response, 404, { error: error.message });
    else say(response, 500, { error: (error as Error).message });
  }
}

async function answer(provider: PaymentProvider, request: IncomingMessage, signal: AbortSignal): Promise<object> {
  const { method, url } = request;
  const path = `${method} ${url}`;
  if (path !== 'POST /charges' && path !== 'POST /refunds') {
    throw new BadCallError(404, `There is no ${path}: POST to /charges or /refunds.`);
  }
  const idempotencyKey = request.headers['idempotency-key'];
  if (typeof idempotencyKey !== 'string' || idempotencyKey === '') {
    throw new BadCallError(400, 'Send the header Idempotency-Key: the call can be made again under it.');
  }
  const options: CallOptions = { idempotencyKey, signal };
  const body = await readJson(request);
  return path === 'POST /charges'
    ? provider.charge(checked(chargeRequest, body), options)
    : provider.refund(checked(refundRequest, body), options);
}

function checked<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new BadCallError(400, `The call does not fit: ${z.prettifyError(result.error)}`);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new BadCallError(413, `A call has at most ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new BadCallError(400, 'The body is not JSON.');
  }
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
