import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PaymentProvider } from '../payment/payment-provider.js';
import { fileBook, readBook } from './book.js';
import { HttpProvider, ProviderRefusedError } from './http-provider.js';
import { planByCustomer } from './plan.js';
import { serveProvider } from './serve-provider.js';
import { NoAnswerError, SimulatedProvider } from './simulated-provider.js';

const amount = { amount: 950, currency: 'EUR' };
const request = { orderId: 'o1', customerId: 'ada', amount };
const call = (idempotencyKey: string, signal = new AbortController().signal) => ({ idempotencyKey, signal });

function newBook(): string {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-provider-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'book.jsonl');
}

async function served(provider: PaymentProvider, timeoutMs = 15_000): Promise<HttpProvider> {
  const { url, close } = await serveProvider(provider);
  onTestFinished(close);
  return new HttpProvider({ url, timeoutMs });
}

/** A provider at which something is wrong. */
async function answering(status: number, body: string): Promise<HttpProvider> {
  const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return new HttpProvider({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
}

describe('a provider that is a service', () => {
  it('charges, declines and gives back, once for each key, whoever asks', async () => {
    const file = newBook();
    const { url, close } = await serveProvider(new SimulatedProvider({ book: fileBook(file), plan: planByCustomer }));
    onTestFinished(close);
    const [one, other] = [new HttpProvider({ url }), new HttpProvider({ url })];
    const charged = { status: 'charged', chargeId: 'charge-1' };
    expect(await Promise.all([one, other].map((it) => it.charge(request, call('a'))))).toEqual([charged, charged]);
    const broke = { ...request, orderId: 'o2', customerId: 'bob-declined' };
    expect(await other.charge(broke, call('b'))).toEqual({ status: 'declined', reason: 'insufficient funds' });
    expect(await other.refund({ chargeId: 'charge-1', amount }, call('c'))).toEqual({ refundId: 'refund-3' });
    expect(await one.refund({ chargeId: 'charge-1', amount }, call('c'))).toEqual({ refundId: 'refund-3' });
    expect(readBook(file).map(({ id, idempotencyKey }) => [id, idempotencyKey])).toEqual([
      ['charge-1', 'a'],
      ['charge-2', 'b'],
      ['refund-3', 'c'],
    ]);
  });

  it('loses answers on the wire, and not what it has done', async () => {
    const file = newBook();
    const provider = await served(new SimulatedProvider({ book: fileBook(file), plan: () => ({ lostAnswers: 1 }) }));
    await expect(provider.charge(request, call('a'))).rejects.toThrow(NoAnswerError);
    expect(await provider.charge(request, call('a'))).toEqual({ status: 'charged', chargeId: 'charge-1' });
    expect(readBook(file)).toHaveLength(1);
  });

  it('is not waited for longer than it may take', async () => {
    const provider = await served({ charge: () => new Promise(() => undefined) } as unknown as PaymentProvider, 20);
    await expect(provider.charge(request, call('a'))).rejects.toThrow(/did not answer within 20 ms/);
    const impatient = new AbortController();
    const given = provider.charge(request, call('a', impatient.signal));
    impatient.abort(new Error('too slow'));
    await expect(given).rejects.toThrow('too slow');
  });

  it('says when nobody is there', async () => {
    const { url, close } = await serveProvider(new SimulatedProvider());
    await close();
    const asked = new HttpProvider({ url }).charge(request, call('a'));
    await expect(asked).rejects.toThrow(/at http:.* did not answer \(.*ECONNREFUSED/);
  });

  it('says what it will not do', async () => {
    const provider = await served(new SimulatedProvider());
    const refusal = await provider.refund({ chargeId: 'charge-9', amount }, call('a')).catch((error) => error);
    expect(refusal).toBeInstanceOf(ProviderRefusedError);
    expect(refusal).toMatchObject({ status: 404, message: expect.stringContaining('knows no charge charge-9') });
    await expect(provider.charge(request, call(''))).rejects.toThrow(/400: .*Idempotency-Key/);
    await expect(provider.charge({ ...request, orderId: '' }, call('a'))).rejects.toThrow(/400: .*orderId/);
  });

  it('is asked again when what it says is no answer', async () => {
    await expect((await answering(503, 'busy')).charge(request, call('a'))).rejects.toThrow(
      /did not answer, but said 503/,
    );
    await expect((await answering(200, 'well')).charge(request, call('a'))).rejects.toThrow(/no answer: well/);
    expect(await (await answering(200, '{"refundId":"r"}')).refund({ chargeId: 'c', amount }, call('a'))).toEqual({
      refundId: 'r',
    });
  });

  it('has a URL', () => {
    expect(() => new HttpProvider({ url: 'localhost:8090' })).toThrow(/a URL such as http/);
  });
});
