import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShopProcess } from './shop-process.js';

/** A command whose receipt came back: it must be in the log for ever. */
export interface Acknowledged {
  readonly commandId: string;
  readonly position: number;
}

/** A command or query waits so long for its answer before it is sent to another process, in milliseconds. */
const patienceMs = 4_000;

/** What is sold. */
export const products = ['mug', 'pan', 'pot', 'lid', 'jug', 'cup'];

/** Customers who order, cancel, want their money back and look at their orders, over HTTP, and do not give up. */
export class Customers {
  readonly acknowledged: Acknowledged[] = [];
  /** What a customer saw that he must not see. */
  readonly complaints: string[] = [];
  /** How often something was sent again. */
  repeated = 0;
  answered = 0;
  /** Whether everybody has got the last answer. */
  isHome = false;
  readonly #processes: readonly ShopProcess[];
  readonly #stop = new AbortController();

  constructor(processes: readonly ShopProcess[]) {
    this.#processes = processes;
  }

  /** Brings goods in, so that there is something to sell. */
  async fill(quantity: number): Promise<void> {
    for (const productId of products) {
      const price = { amount: 990, currency: 'EUR' };
      await this.#send('AddProduct', { productId, name: `The ${productId}`, category: 'kitchen', price });
      await this.#send('ReceiveStock', { productId, quantity });
    }
  }

  /** Goes on until it is stopped. Resolves when everybody has got the last answer. */
  async work(lanes: number): Promise<void> {
    await Promise.all(Array.from({ length: lanes }, (_, lane) => this.#customer(lane)));
    this.isHome = true;
  }

  stop(): void {
    this.#stop.abort();
  }

  async #customer(lane: number): Promise<void> {
    for (let n = 0; !this.#stop.signal.aborted; n++) {
      const orderId = `o${lane}-${n}`;
      const customerId = `c${lane}`;
      const lines = products
        .filter((_, at) => (n + lane + at) % 3 === 0)
        .map((productId) => ({ productId, quantity: 1 + (n % 2) }));
      const position = await this.#send('PlaceOrder', { orderId, customerId, lines });
      if (position !== undefined) await this.#look(orderId, position);
      if (n % 7 === 3) await this.#send('CancelOrder', { orderId });
      if (n % 7 === 5) await this.#send('RequestRefund', { orderId });
      await sleep(20);
    }
  }

  /** Sends a command until it is accepted or rejected, always under one id. Gives its position when it was accepted. */
  async #send(command: string, data: object): Promise<number | undefined> {
    const commandId = randomUUID();
    const response = await this.#until('write', `commands/${command}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': commandId },
      body: JSON.stringify(data),
    });
    if (response.status === 422) return undefined;
    if (response.status !== 200) throw new Error(`${command}: ${response.status} ${response.body}`);
    const receipt = JSON.parse(response.body) as Acknowledged;
    this.acknowledged.push({ commandId: receipt.commandId, position: receipt.position });
    return receipt.position;
  }

  /** A customer who has placed an order sees it. */
  async #look(orderId: string, position: number): Promise<void> {
    const { status, body } = await this.#until('read', `queries/OrderStatus?orderId=${orderId}`, {
      headers: { 'Carillon-After': String(position) },
    });
    if (status !== 200 || JSON.parse(body)?.orderId !== orderId) {
      this.complaints.push(`order ${orderId}, acknowledged at ${position}, is not to be seen: ${status} ${body}`);
    }
  }

  /** Asks one process after the other until one of them answers. */
  async #until(role: ShopProcess['role'], path: string, init: RequestInit): Promise<{ status: number; body: string }> {
    for (;;) {
      const able = this.#processes.filter((one) => one.role === role && one.base !== undefined);
      const chosen = able[Math.floor(Math.random() * able.length)];
      if (chosen !== undefined) {
        try {
          const response = await fetch(`${chosen.base}/${path}`, { ...init, signal: AbortSignal.timeout(patienceMs) });
          const body = await response.text();
          // 409: too many conflicts, which is an answer that asks for another attempt, as 5xx are.
          if (response.status < 500 && response.status !== 409) {
            this.answered++;
            return { status: response.status, body };
          }
        } catch {
          // Nobody knows what became of it: sent again under the same id it has one effect.
        }
        this.repeated++;
      }
      await sleep(50);
    }
  }
}
