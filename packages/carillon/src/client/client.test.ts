import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { altered } from '../../test-support/altered.js';
import { AddCopy, BorrowCopy, library } from '../../test-support/library.js';
import { CommandConflictError } from '../deciding/deciding-errors.js';
import type { Receipt } from '../definitions/receipt.js';
import { type HttpServer, serve } from '../http/server.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { startInMemory } from '../runtime/start.js';
import { type Client, createClient } from './client.js';
import type { ClientOptions } from './client-options.js';
import { ConnectionError, HttpProblemError } from './http-problem-error.js';

let running: RunningApplication;
let server: HttpServer;
let client: Client<typeof library>;
/** Requests that were sent, and the answers to them: by `fetch` itself. */
let sent: { url: string; headers: Record<string, string>; status: number }[];
const strays: (() => Promise<void> | void)[] = [];

const quickly = { baseDelayMs: 1, maxDelayMs: 20 };

const spyingFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  sent.push({ url: String(input), headers: init?.headers as Record<string, string>, status: response.status });
  return response;
};

function makeClient(options: ClientOptions = {}, url = `${server.url}/library`): Client<typeof library> {
  return createClient<typeof library>(url, { fetch: spyingFetch, retry: quickly, ...options });
}

/** A server that answers as it is told, request by request. */
async function scripted(
  answer: (request: IncomingMessage, response: ServerResponse, nth: number) => void,
): Promise<string> {
  let count = 0;
  const made: Server = createServer((request, response) => {
    request.resume();
    request.on('end', () => answer(request, response, ++count));
  });
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  strays.push(() => {
    made.closeAllConnections();
    made.close();
  });
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  sent = [];
  running = await startInMemory(library);
  server = await serve({ port: 0, applications: [{ running }] });
  client = makeClient();
});

afterEach(async () => {
  for (const stop of strays.splice(0)) await stop();
  await server.close({ timeoutMs: 0 });
  await running.close();
});

describe('execute', () => {
  it('returns the receipt', async () => {
    expect(await client.execute('AddCopy', { copyId: 'c1', titleId: 't1' }, { commandId: 'k1' })).toEqual({
      commandId: 'k1',
      position: 1,
    });
    const { commandId } = (await client.execute('AddCopy', { copyId: 'c2', titleId: 't1' })) as Receipt;
    expect(commandId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it('returns a rejection with its details', async () => {
    await client.execute('AddCopy', { copyId: 'c1', titleId: 't1' });
    await client.execute('BorrowCopy', { copyId: 'c1', memberId: 'ada' });
    expect(await client.execute('BorrowCopy', { copyId: 'c1', memberId: 'bob' })).toEqual({
      rejected: true,
      code: 'AlreadyOut',
      message: 'The copy is on loan',
      details: { copyId: 'c1' },
    });
    expect(await client.execute('BorrowCopy', { copyId: 'c9', memberId: 'bob' })).toEqual({
      rejected: true,
      code: 'UnknownCopy',
      message: 'No such copy',
    });
  });

  it('throws problems, with every wrong field', async () => {
    const failed = client.execute('AddCopy', { copyId: '', titleId: '' });
    await expect(failed).rejects.toBeInstanceOf(HttpProblemError);
    await expect(failed).rejects.toMatchObject({
      status: 400,
      code: 'validation-failed',
      problem: { type: 'urn:carillon:problem:validation-failed' },
    });
    const { issues, message } = (await failed.catch((error: unknown) => error)) as HttpProblemError;
    expect(message).toMatch(/does not fit its schema:\n {2}\/\w+Id: .+\n {2}\/\w+Id: .+$/);
    expect(issues.map(({ path }) => path).sort()).toEqual(['/copyId', '/titleId']);
    expect(sent.length).toBe(1);
  });

  it('does not send a conflict again: the server has tried', async () => {
    await server.close();
    const conflicted = altered(running, {
      execute: async () => {
        throw new CommandConflictError('AddCopy', 10, 3);
      },
    });
    server = await serve({ port: 0, applications: [{ running: conflicted }] });
    const failed = makeClient().execute('AddCopy', { copyId: 'c1', titleId: 't1' });
    await expect(failed).rejects.toMatchObject({
      status: 409,
      code: 'command-conflict',
      problem: { conflictingPosition: 3 },
    });
    expect(sent.length).toBe(1);
  });

  it('has one effect when the answer gets lost and the command is sent again', async () => {
    const flaky = await scripted(async (request, response, nth) => {
      const answer = await fetch(`${server.url}${request.url}`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': request.headers['idempotency-key'] as string,
        },
        body: '{"copyId":"c1","titleId":"t1"}',
      });
      if (nth < 3) request.socket.destroy();
      else response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(await answer.text());
    });
    const result = await makeClient({}, `${flaky}/library`).execute('AddCopy', { copyId: 'c1', titleId: 't1' });
    expect(result).toMatchObject({ position: 1 });
    expect(await running.log.head()).toBe(1);
  });

  it('waits as long as the server says, and gives up when that is too long', async () => {
    const url = await scripted((_, response, nth) => {
      if (nth === 1) response.writeHead(503, { 'Retry-After': '0' }).end();
      else if (nth === 2) response.writeHead(429, { 'Retry-After': '3600' }).end();
    });
    await expect(makeClient({}, url).execute('AddCopy', { copyId: 'c1', titleId: 't1' })).rejects.toMatchObject({
      code: 'http-429',
      retryAfterMs: 3_600_000,
    });
    expect(sent.map(({ status }) => status)).toEqual([503, 429]);
    expect(sent[0]?.headers['Idempotency-Key']).toBe(sent[1]?.headers['Idempotency-Key']);
  });

  it('gives up after so many attempts', async () => {
    let count = 0;
    const url = await scripted((request, _, nth) => {
      count = nth;
      request.socket.destroy();
    });
    const failed = makeClient({ retry: { ...quickly, maxAttempts: 3 } }, url).execute('AddCopy', {
      copyId: 'c1',
      titleId: 't1',
    });
    await expect(failed).rejects.toBeInstanceOf(ConnectionError);
    expect(count).toBe(3);
    await expect(makeClient({ retry: false }, url).query('Shelf', {})).rejects.toBeInstanceOf(ConnectionError);
    expect(count).toBe(4);
  });

  it('does not take an answer of something else for one of Carillon', async () => {
    const url = await scripted((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Sign in</h1>');
    });
    await expect(makeClient({}, url).execute('AddCopy', { copyId: 'c1', titleId: 't1' })).rejects.toMatchObject({
      code: 'http-200',
    });
  });

  it('stops when it is aborted', async () => {
    const url = await scripted(() => {});
    const reason = new Error('no longer wanted');
    const abort = new AbortController();
    const failed = makeClient({}, url).execute('AddCopy', { copyId: 'c1', titleId: 't1' }, { signal: abort.signal });
    abort.abort(reason);
    await expect(failed).rejects.toBe(reason);
  });

  it('sends the headers that it was given, made anew for each request', async () => {
    let count = 0;
    const authorized = makeClient({ headers: async () => ({ Authorization: `Bearer ${++count}` }) });
    await authorized.execute('AddCopy', { copyId: 'c1', titleId: 't1' });
    await authorized.query('Shelf', {});
    expect(sent.map(({ headers }) => headers['Authorization'])).toEqual(['Bearer 1', 'Bearer 2']);
  });
});

describe('query', () => {
  it('reads its own writes', async () => {
    const receipt = (await client.execute('AddCopy', { copyId: 'c1', titleId: 't1' })) as Receipt;
    const answer = await client.query('Availability', { titleId: 't1' }, { after: receipt });
    expect(answer).toEqual({ result: { titleId: 't1', copies: 1, available: 1 }, position: 1 });
  });

  it('sends parameters of every kind', async () => {
    for (const titleId of ['t1', 'ä&= +%/?#', 't3'])
      await running.execute(AddCopy({ copyId: `c-${titleId}`, titleId }));
    const { result } = await client.query(
      'ListTitles',
      { limit: 2, inStock: true, only: ['t1', 'ä&= +%/?#'] },
      { after: 3 },
    );
    expect(result.map(({ titleId }) => titleId)).toEqual(['t1', 'ä&= +%/?#']);
    expect((await client.query('ListTitles', { only: ['t3'] })).result).toEqual([{ titleId: 't3', available: 1 }]);
  });

  it('does not have the same answer sent twice', async () => {
    await running.execute(AddCopy({ copyId: 'c1', titleId: 't1' }));
    const first = await client.query('Availability', { titleId: 't1' }, { after: 1 });
    const { position } = (await running.execute(AddCopy({ copyId: 'c2', titleId: 't2' }))) as Receipt;
    const second = await client.query('Availability', { titleId: 't1' }, { after: position });
    expect(sent.map(({ status }) => status)).toEqual([200, 304]);
    expect(second.result).toBe(first.result);
    expect(second.position).toBe(2);
    await running.execute(BorrowCopy({ copyId: 'c1', memberId: 'ada' }));
    expect((await client.query('Availability', { titleId: 't1' }, { after: 3 })).result).toMatchObject({
      available: 0,
    });
    expect(sent[2]?.status).toBe(200);
  });

  it('remembers only so many answers', async () => {
    const forgetful = makeClient({ maxCachedAnswers: 1 });
    for (const titleId of ['t1', 't2', 't1', 't1']) await forgetful.query('Availability', { titleId });
    expect(sent.map(({ status }) => status)).toEqual([200, 200, 200, 304]);
  });

  it('tells a position that the log has not reached', async () => {
    await expect(client.query('Shelf', {}, { after: 99 })).rejects.toMatchObject({
      status: 400,
      code: 'position-ahead',
      problem: { head: 0 },
    });
  });
});

describe('subscribe', () => {
  beforeEach(async () => {
    await running.execute(AddCopy({ copyId: 'c1', titleId: 't1' }));
  });

  it('gives the answer, and each new one', async () => {
    const seen: unknown[] = [];
    for await (const { result, position } of client.subscribe('Availability', { titleId: 't1' }, { after: 1 })) {
      seen.push([position, result?.available]);
      if (seen.length === 1) await running.execute(AddCopy({ copyId: 'c2', titleId: 't2' }));
      if (seen.length === 1) await running.execute(BorrowCopy({ copyId: 'c1', memberId: 'ada' }));
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([
      [1, 1],
      [3, 0],
    ]);
  });

  it('comes back after the server was away, and gives only what is new', async () => {
    const { port } = server;
    const states: string[] = [];
    const seen: unknown[] = [];
    const onConnection = (state: string) => states.push(state);
    for await (const { result } of client.subscribe('Availability', { titleId: 't1' }, { after: 1, onConnection })) {
      seen.push(result?.available);
      if (seen.length === 1) {
        await server.close();
        await running.execute(AddCopy({ copyId: 'c2', titleId: 't1' }));
        server = await serve({ port, applications: [{ running }] });
      } else break;
    }
    expect(seen).toEqual([1, 2]);
    expect(states[0]).toBe('open');
    expect(states.at(-1)).toBe('open');
    expect(states).toContain('lost');
    expect(sent.at(-1)?.headers['Last-Event-ID']).toBe('1');
  });

  it('does not give the same answer again after it came back', async () => {
    const url = await scripted((_, response, nth) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(`event: answer\nid: ${nth}\ndata: ${nth < 3 ? '"same"' : '"new"'}\n\n`);
      if (nth < 3) response.end();
    });
    const seen: unknown[] = [];
    for await (const { result, position } of makeClient({}, url).subscribe('Shelf', {})) {
      seen.push([position, result]);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([
      [1, 'same'],
      [3, 'new'],
    ]);
  });

  it('takes a silent connection for lost', async () => {
    const url = await scripted((_, response, nth) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      if (nth === 1) response.flushHeaders();
      else response.write('event: answer\r\nid: 7\r\ndata: [1,\r\ndata: 2]\r\n\r\n');
    });
    for await (const { result, position } of makeClient({ idleTimeoutMs: 50 }, url).subscribe('Shelf', {})) {
      expect([position, result]).toEqual([7, [1, 2]]);
      break;
    }
  });

  it('throws when asking again would not help', async () => {
    const iterator = client.subscribe('Availability', {} as { titleId: string })[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toMatchObject({ code: 'validation-failed' });
    expect(sent.length).toBe(1);
  });

  it('ends quietly when it is aborted, and when it is left while it waits', async () => {
    const abort = new AbortController();
    const iterator = client.subscribe('Shelf', {}, { signal: abort.signal })[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    abort.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });

    const left = client.subscribe('Shelf', {})[Symbol.asyncIterator]();
    await left.next();
    const pending = left.next();
    await left.return?.();
    expect((await pending).done).toBe(true);
  });
});

describe('watch', () => {
  it('calls back with each answer until it is ended', async () => {
    const receipt = (await running.execute(AddCopy({ copyId: 'c1', titleId: 't1' }))) as Receipt;
    await client.query('Shelf', {}, { after: receipt });
    const seen: (number | undefined)[] = [];
    let wake = () => {};
    const stop = client.watch(
      'Availability',
      { titleId: 't1' },
      {
        onAnswer: ({ result }) => {
          seen.push(result?.available);
          wake();
        },
        onError: (error) => expect.unreachable(String(error)),
      },
    );
    const until = async (count: number) => {
      while (seen.length < count) await new Promise<void>((resolve) => (wake = resolve));
    };
    await until(1);
    await running.execute(AddCopy({ copyId: 'c2', titleId: 't1' }));
    await until(2);
    stop();
    const { position } = (await running.execute(AddCopy({ copyId: 'c3', titleId: 't1' }))) as Receipt;
    await client.query('Availability', { titleId: 't1' }, { after: position });
    expect(seen.at(-1)).toBe(2);
  });

  it('calls back once with an error that does not pass', async () => {
    const error = await new Promise((resolve) => {
      client.watch('Availability', {} as { titleId: string }, { onAnswer: () => {}, onError: resolve });
    });
    expect(error).toMatchObject({ code: 'validation-failed' });
  });
});

it('refuses a URL that is none at once', () => {
  for (const url of ['127.0.0.1:8471/gym', 'localhost:8471/gym', 'gym', 'ftp://gym', 'http:/gym', 'http://']) {
    expect(() => createClient(url)).toThrow(
      expect.objectContaining({
        code: 'client-url-invalid',
        message: expect.stringContaining(`${JSON.stringify(url)} must begin with http:// or https://.`),
      }),
    );
  }
  for (const url of ['https://gym', 'HTTP://gym:80/', '/gym', './gym', ''])
    expect(() => createClient(url)).not.toThrow();
});
