import { afterEach, beforeEach, expect, it } from 'vitest';
import { library } from '../../test-support/library.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { startInMemory } from '../runtime/start.js';
import type { CrossOriginOptions } from './cross-origin.js';
import { type HttpHandler, httpHandler } from './http-handler.js';
import { serve } from './server.js';

const shop = 'https://shop.example';
const stranger = 'https://stranger.example';

let running: RunningApplication;

beforeEach(async () => {
  running = await startInMemory(library);
});

afterEach(() => running.close());

function open(cors?: CrossOriginOptions): HttpHandler {
  return httpHandler(running, { basePath: '/library', ...(cors === undefined ? {} : { cors }) });
}

function ask(handler: HttpHandler, path: string, origin: string, init: RequestInit = {}): Promise<Response> {
  return handler.fetch(
    new Request(`http://127.0.0.1:8080/library${path}`, { ...init, headers: { Origin: origin, ...init.headers } }),
  );
}

/** What a browser asks before it sends a command. */
function preflight(handler: HttpHandler, origin: string): Promise<Response> {
  const headers = {
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'content-type,idempotency-key',
  };
  return ask(handler, '/commands/AddCopy', origin, { method: 'OPTIONS', headers });
}

function list(response: Response, header: string): string[] {
  return (response.headers.get(header) ?? '').split(/, */);
}

it('lets pages of no other origin in by default', async () => {
  const handler = open();
  expect((await preflight(handler, shop)).status).toBe(405);
  const answer = await ask(handler, '/queries/ListTitles', shop);
  expect(answer.status).toBe(200);
  expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  expect(answer.headers.get('vary')).toBe('Accept');
});

it('tells a page beforehand what it may send', async () => {
  const response = await preflight(open({ origins: [shop] }), shop);
  expect([response.status, await response.text()]).toEqual([204, '']);
  expect(response.headers.get('access-control-allow-origin')).toBe(shop);
  expect(list(response, 'access-control-allow-methods')).toEqual(['GET', 'HEAD', 'POST']);
  expect(list(response, 'access-control-allow-headers')).toEqual([
    'Authorization',
    'Carillon-After',
    'Content-Type',
    'Idempotency-Key',
    'If-None-Match',
    'Last-Event-ID',
    'traceparent',
  ]);
  expect(response.headers.get('access-control-max-age')).toBe('600');
  expect(response.headers.has('access-control-allow-credentials')).toBe(false);
  expect(list(response, 'vary')).toContain('Origin');
});

it('lets a page read answers, their position and entity tag', async () => {
  const handler = open({ origins: ['http://localhost:5173', shop] });
  const answer = await ask(handler, '/queries/ListTitles', shop);
  expect([answer.status, await answer.json()]).toEqual([200, []]);
  expect(answer.headers.get('access-control-allow-origin')).toBe(shop);
  expect(list(answer, 'access-control-expose-headers')).toEqual(['Carillon-Position', 'ETag', 'Retry-After']);
  expect(list(answer, 'vary')).toEqual(['Accept', 'Origin']);

  const known = { headers: { 'If-None-Match': answer.headers.get('etag')! } };
  const unchanged = await ask(handler, '/queries/ListTitles', shop, known);
  expect([unchanged.status, unchanged.headers.get('access-control-allow-origin')]).toEqual([304, shop]);
});

it('lets a page send commands and read problems', async () => {
  const handler = open({ origins: [shop] });
  const send = (path: string, data: unknown) =>
    ask(handler, path, shop, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(data),
    });
  for (const [path, data, status] of [
    ['/commands/AddCopy', { copyId: 'c1', titleId: 't1' }, 200],
    ['/commands/AddCopy', { copyId: 7 }, 400],
    ['/commands/AddCopi', {}, 404],
    ['/nothing', {}, 404],
  ] as const) {
    const response = await send(path, data);
    expect([path, response.status]).toEqual([path, status]);
    expect(response.headers.get('access-control-allow-origin')).toBe(shop);
  }
});

it('lets a page subscribe', async () => {
  const server = await serve({ port: 0, applications: [{ running }], cors: { origins: [shop] } });
  try {
    const headers = { Origin: shop, Accept: 'text/event-stream' };
    const response = await fetch(`${server.url}/library/queries/ListTitles`, { headers });
    expect(response.headers.get('access-control-allow-origin')).toBe(shop);
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('event: answer\nid: 0\ndata: []\n\n');
    await reader.cancel();
  } finally {
    await server.close();
  }
});

it('lets no page of another origin read an answer', async () => {
  const handler = open({ origins: [shop] });
  for (const response of [await preflight(handler, stranger), await ask(handler, '/queries/ListTitles', stranger)]) {
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
    expect(list(response, 'vary')).toContain('Origin');
  }
});

it('lets any page in that is asked to', async () => {
  const answer = await ask(open({ origins: ['*'] }), '/queries/ListTitles', stranger);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
});

it('lets pages of applications in, whose schemes are their own', async () => {
  const answer = await ask(
    open({ origins: ['capacitor://localhost'] }),
    '/queries/ListTitles',
    'capacitor://localhost',
  );
  expect(answer.headers.get('access-control-allow-origin')).toBe('capacitor://localhost');
});

it('refuses what no browser sends as an origin', async () => {
  expect(() => open({ origins: ['https://shop.example/', 'shop.example', 'null', shop] })).toThrow(
    expect.objectContaining({
      code: 'server-options-invalid',
      message:
        'The server cannot be started: "https://shop.example/" in `cors.origins` is no origin: write https://shop.example. ' +
        '"shop.example" in `cors.origins` is no origin: write it like https://shop.example. ' +
        '"null" in `cors.origins` is no origin: write it like https://shop.example.',
    }),
  );
});
