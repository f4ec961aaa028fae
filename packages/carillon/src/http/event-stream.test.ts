import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { altered } from '../../test-support/altered.js';
import { AddCopy, BorrowCopy, library, Shelf } from '../../test-support/library.js';
import type { Receipt } from '../definitions/receipt.js';
import { ReadModelFailedError } from '../querying/querying-errors.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { startInMemory } from '../runtime/start.js';
import { type HttpServer, type ServeOptions, serve } from './server.js';

let running: RunningApplication;
let server: HttpServer;

async function start(options: Partial<ServeOptions> = {}): Promise<void> {
  server = await serve({ port: 0, applications: [{ running }], ...options });
}

/** Reads an event stream block by block. */
class Blocks {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #abort: AbortController;
  #text = '';

  constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    this.#reader = response.body!.getReader();
  }

  /** The next block; undefined when the stream has ended. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end !== -1) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return block;
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#text += new TextDecoder().decode(value);
    }
  }

  leave(): void {
    this.#abort.abort();
  }
}

async function open(search: string, headers: Record<string, string> = {}): Promise<Blocks> {
  const abort = new AbortController();
  const response = await fetch(`${server.url}/library/queries/${search}`, {
    headers: { Accept: 'text/event-stream', ...headers },
    signal: abort.signal,
  });
  return new Blocks(response, abort);
}

async function openSubscriptions(): Promise<number> {
  const text = await (await fetch(`${server.url}/library/metrics`)).text();
  return Number(/^carillon_open_subscriptions\S* (\d+)$/m.exec(text)?.[1]);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

beforeEach(async () => {
  running = await startInMemory(library);
  const receipt = (await running.execute(AddCopy({ copyId: 'c1', titleId: 't1' }))) as Receipt;
  await running.query(Shelf({}), { after: receipt });
});

afterEach(async () => {
  await server.close();
  await running.close();
});

describe('an event stream', () => {
  it('says the answer, and each new one, with its position as id', async () => {
    await start();
    const stream = await open('Availability?titleId=t1');
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    expect(await stream.next()).toBe('event: answer\nid: 1\ndata: {"titleId":"t1","copies":1,"available":1}');
    await running.execute(AddCopy({ copyId: 'c2', titleId: 't2' }));
    await running.execute(BorrowCopy({ copyId: 'c1', memberId: 'ada' }));
    expect(await stream.next()).toBe('event: answer\nid: 3\ndata: {"titleId":"t1","copies":1,"available":0}');
    stream.leave();
  });

  it('says that it is still there', async () => {
    await start({ heartbeatMs: 20 });
    const stream = await open('Availability?titleId=t1');
    await stream.next();
    expect(await stream.next()).toBe(': still here');
    expect(await stream.next()).toBe(': still here');
    await running.execute(BorrowCopy({ copyId: 'c1', memberId: 'ada' }));
    let block = await stream.next();
    while (block === ': still here') block = await stream.next();
    expect(block).toContain('id: 2');
    stream.leave();
  });

  it('is let go of when the subscriber leaves', async () => {
    await start();
    const streams = await Promise.all([open('Availability?titleId=t1'), open('Shelf')]);
    expect(await openSubscriptions()).toBe(2);
    for (const stream of streams) stream.leave();
    await until(async () => (await openSubscriptions()) === 0);
  });

  it('waits for a position, and begins where a returning subscriber was', async () => {
    await start();
    const { position } = (await running.execute(BorrowCopy({ copyId: 'c1', memberId: 'ada' }))) as Receipt;
    for (const header of ['Carillon-After', 'Last-Event-ID']) {
      const stream = await open('Availability?titleId=t1', { [header]: String(position) });
      expect(await stream.next()).toBe('event: answer\nid: 2\ndata: {"titleId":"t1","copies":1,"available":0}');
      stream.leave();
    }
  });

  it('gives a subscriber from before a restored backup what there is', async () => {
    await start();
    for (const id of ['5000', 'x', '-1']) {
      const stream = await open('Availability?titleId=t1', { 'Last-Event-ID': id });
      expect(await stream.next()).toContain('id: 1');
      stream.leave();
    }
    expect((await open('Availability?titleId=t1', { 'Carillon-After': '5000' })).response.status).toBe(400);
  });

  it('answers what is wrong from the beginning as a problem with its status', async () => {
    await start();
    const stream = await open('Availability');
    expect([stream.response.status, stream.response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json',
    ]);
    expect(await openSubscriptions()).toBe(0);
  });

  it('ends with the problem when something goes wrong later', async () => {
    const failure = { position: 9, eventType: 'CopyAdded', message: 'SELECT secret', failedAt: '2026-01-01T00:00:00Z' };
    running = altered(running, {
      async *answers() {
        yield { json: '1', position: 1, hash: 'h' };
        throw new ReadModelFailedError('catalogue', failure, true);
      },
    });
    await start();
    const stream = await open('Shelf');
    await stream.next();
    const block = await stream.next();
    expect(block).toMatch(/^event: problem\ndata: \{"type":"urn:carillon:problem:read-model-failed"/);
    expect(block).not.toContain('SELECT');
    expect(await stream.next()).toBeUndefined();
    await until(async () => (await openSubscriptions()) === 0);
  });

  it('is refused when too many are open', async () => {
    await start({ maxSubscriptions: 1 });
    const first = await open('Shelf');
    const second = (await open('Shelf')).response;
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1']);
    first.leave();
    await until(async () => (await openSubscriptions()) === 0);
    const third = await open('Shelf');
    expect(third.response.status).toBe(200);
    third.leave();
  });

  it('is not opened by HEAD', async () => {
    await start();
    const response = await fetch(`${server.url}/library/queries/Shelf`, {
      method: 'HEAD',
      headers: { Accept: 'text/event-stream' },
    });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await openSubscriptions()).toBe(0);
  });

  it('gives a subscriber that reads slowly the latest answer, not every one', async () => {
    let made = 0;
    running = altered(running, {
      async *answers() {
        for (;;) {
          made++;
          yield { json: `"${made}${' '.repeat(1_048_576)}"`, position: made, hash: String(made) };
        }
      },
    });
    await start();
    const stream = await open('Shelf');
    await stream.next();
    // What fits into the buffers of the connection is made, and no more, however long nobody reads.
    let before = -1;
    await until(async () => {
      const settled = made === before;
      before = made;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return settled;
    });
    expect(made).toBeLessThan(40);
    stream.leave();
  });

  it('ends with a comment when the server stops', async () => {
    await start();
    const stream = await open('Shelf');
    await stream.next();
    const closed = server.close();
    expect(await stream.next()).toBe(': closing');
    expect(await stream.next()).toBeUndefined();
    await closed;
  });
});
