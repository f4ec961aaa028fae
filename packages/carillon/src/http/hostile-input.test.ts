import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { library } from '../../test-support/library.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { startInMemory } from '../runtime/start.js';
import { type HttpServer, serve } from './server.js';

let running: RunningApplication;
let server: HttpServer;
const errors: unknown[] = [];

beforeAll(async () => {
  running = await startInMemory(library);
  server = await serve({
    port: 0,
    applications: [{ running }],
    requestTimeoutMs: 3_000,
    logger: { info() {}, warn() {}, error: (fields) => errors.push(fields) },
  });
});

// Whatever was sent: nobody's fault but the sender's, and the server is still there.
afterAll(async () => {
  expect(errors).toEqual([]);
  expect((await fetch(`${server.url}/library/health/live`)).status).toBe(200);
  await server.close();
  await running.close();
});

/** Sends bytes as they are, and returns the status and the document of the first answer. */
async function sendRaw(
  ...pieces: (string | Buffer)[]
): Promise<{ status: number; code: string | undefined; head: string }> {
  const socket = connect(server.port, '127.0.0.1');
  let text = '';
  socket.on('data', (data) => {
    text += data.toString();
    const [head = '', body] = text.split('\r\n\r\n');
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    if (body !== undefined && body.length >= length) socket.destroy();
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  for (const piece of pieces) socket.write(piece);
  await new Promise((resolve) => socket.once('close', resolve));
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  return { status, code: /"code":"([^"]+)"/.exec(body)?.[1], head };
}

async function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = { 'Content-Type': 'application/json' },
) {
  const response = await fetch(`${server.url}/library/commands/AddCopy`, { method: 'POST', headers, body });
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  return { status: response.status, problem: (await response.json()) as any, headers: response.headers };
}

describe('bodies', () => {
  it.each([
    ['nothing', ''],
    ['half an object', '{"copyId":"c1"'],
    ['single quotes', "{'copyId':'c1'}"],
    ['a comma too many', '{"copyId":"c1",}'],
    ['NaN', '{"copyId":NaN}'],
    ['two values', '{}{}'],
    ['a byte order mark', '\ufeff{}'],
    ['a NUL', '{"copyId":"\0"}'],
    ['HTML', '<script>alert(1)</script>'],
  ])('answers %s with malformed-json', async (_, body) => {
    const { status, problem } = await post(body);
    expect([status, problem.code]).toEqual([400, 'malformed-json']);
    expect(problem.detail).not.toContain('script');
  });

  it.each([
    ['null', null],
    ['a number', 7],
    ['a text', 'x'],
    ['a list', []],
    ['an empty object', {}],
  ])('answers %s in place of the data with validation-failed', async (_, body) => {
    const { status, problem } = await post(JSON.stringify(body));
    expect([status, problem.code]).toEqual([400, 'validation-failed']);
    expect(problem.issues.length).toBeGreaterThan(0);
  });

  it('refuses bytes that are not UTF-8', async () => {
    for (const bytes of [[0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf]]) {
      const body = new Uint8Array(Buffer.concat([Buffer.from('{"copyId":"'), Buffer.from(bytes), Buffer.from('"}')]));
      const { status, problem } = await post(body);
      expect([status, problem.detail]).toEqual([400, 'The body is not valid UTF-8.']);
    }
  });

  it('refuses deep nesting of every kind', async () => {
    for (const depth of [65, 10_000, 400_000]) {
      for (const [open, close] of [
        ['[', ']'],
        ['{"a":', '}'],
      ] as const) {
        const body = `${open.repeat(depth)}1${close.repeat(depth)}`.slice(0, 3_000_000);
        const { status } = await post(body);
        expect([depth, status]).toEqual([depth, body.length > 1_048_576 ? 413 : 400]);
      }
    }
  });

  it('refuses __proto__ wherever and however it is written, and keeps prototypes clean', async () => {
    const bodies = [
      '{"__proto__":{"polluted":true},"copyId":"c1","titleId":"t1"}',
      '{"copyId":"c1","titleId":"t1","notes":[{"page":1,"text":"x","\\u005f_proto__":{"polluted":true}}]}',
    ];
    const pointers = ['/__proto__', '/notes/0/__proto__'];
    for (const [i, body] of bodies.entries()) {
      const { status, problem } = await post(body);
      expect([status, problem.code, problem.issues[0].path]).toEqual([400, 'malformed-json', pointers[i]]);
    }
    expect(({} as any).polluted).toBeUndefined();
  });

  it('refuses half characters, and takes whole ones and what only looks like one', async () => {
    for (const [text, status] of [
      ['\\ud800', 400],
      ['\\udc00x', 400],
      ['\\ud83d\\ude00', 200],
      ['\\\\ud800', 200],
    ] as const) {
      const answer = await post(`{"copyId":"${text}","titleId":"t1"}`);
      expect([text, answer.status]).toEqual([text, status]);
      if (status === 400) expect(answer.problem.issues).toEqual([{ path: '/copyId', message: 'is not allowed' }]);
    }
  });

  it('takes a property called constructor for what it is: unknown data', async () => {
    const { status } = await post(
      '{"constructor":{"prototype":{"polluted":true}},"copyId":"c-constructor","titleId":"t1"}',
    );
    expect(status).toBe(200);
    expect(({} as any).polluted).toBeUndefined();
  });

  it('refuses 20 MB by the declared length, before they are read', async () => {
    const { status, problem } = await post('x'.repeat(20_000_000));
    expect([status, problem.code, problem.maxBytes]).toEqual([413, 'content-too-large', 1_048_576]);
  });

  it('refuses 20 MB in chunks once they are more than the limit', async () => {
    const chunk = Buffer.alloc(65_536, 'x');
    const head =
      'POST /library/commands/AddCopy HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const chunks = Array.from({ length: 300 }, () =>
      Buffer.concat([Buffer.from('10000\r\n'), chunk, Buffer.from('\r\n')]),
    );
    expect(await sendRaw(head, ...chunks)).toMatchObject({ status: 413, code: 'content-too-large' });
  });

  it('takes a chunked body below the limit', async () => {
    const body = '{"copyId":"c-chunked","titleId":"t1"}';
    const answer = await sendRaw(
      'POST /library/commands/AddCopy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n' +
        `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    expect(answer.status).toBe(200);
  });
});

describe('headers', () => {
  it.each([
    ['no type', {}],
    ['text', { 'Content-Type': 'text/plain' }],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['another charset', { 'Content-Type': 'application/json; charset=latin1' }],
    ['UTF-16', { 'Content-Type': 'application/json; charset=utf-16' }],
    ['compression', { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }],
  ])('answers a body with %s with 415', async (_, headers) => {
    const { status, problem } = await post(new TextEncoder().encode('{"copyId":"c1","titleId":"t1"}'), headers);
    expect([status, problem.code]).toEqual([415, 'unsupported-media-type']);
  });

  it.each([
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/vnd.library+json',
    'application/json;',
  ])('takes %s', async (type) => {
    expect((await post('{"copyId":"c1","titleId":"t1"}', { 'Content-Type': type })).status).toBe(200);
  });

  it('refuses Idempotency-Keys that are none', async () => {
    for (const key of ['', ' ', 'x'.repeat(201), 'a b', 'a, b', 'é']) {
      const { status, problem } = await post('{"copyId":"c1","titleId":"t1"}', {
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
      });
      expect([key, status, problem.code]).toEqual([key, 400, 'header-invalid']);
    }
  });

  it('answers headers that are too large with 431', async () => {
    const answer = await sendRaw(
      `GET /library/health/live HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`,
    );
    expect(answer).toMatchObject({ status: 431, code: 'headers-too-large' });
  });

  it('answers an address that is too long with 431', async () => {
    const answer = await sendRaw(
      `GET /library/queries/Availability?titleId=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    );
    expect(answer).toMatchObject({ status: 431, code: 'headers-too-large' });
  });
});

describe('requests that are none', () => {
  const body = '{"copyId":"smuggled","titleId":"t1"}';

  it.each([
    [
      'both lengths',
      `POST /library/commands/AddCopy HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
    ],
    [
      'two different lengths',
      `POST /library/commands/AddCopy HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ],
    ['a negative length', 'POST /library/commands/AddCopy HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n'],
    [
      'a length that is no number',
      'POST /library/commands/AddCopy HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n',
    ],
    [
      'an unknown transfer encoding',
      `POST /library/commands/AddCopy HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n${body}`,
    ],
    [
      'a broken chunk',
      'POST /library/commands/AddCopy HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
    ['a space before a colon', 'GET /library/health/live HTTP/1.1\r\nHost : localhost\r\n\r\n'],
    ['no host', 'GET /library/health/live HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a host that is none', 'GET /library/health/live HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n'],
    ['an unknown method', 'BREW /library/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['garbage', `${'\xff\xfe'.repeat(100)}\r\n\r\n`],
  ])('answers %s with 400', async (_, request) => {
    const answer = await sendRaw(request);
    expect(answer.status).toBe(400);
    const copies = await fetch(`${server.url}/library/queries/ListTitles?only=smuggled`);
    expect(await copies.json()).toEqual([]);
  });

  it('answers a body that never comes with 408', async () => {
    const answer = await sendRaw(
      'POST /library/commands/AddCopy HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"copy',
    );
    expect(answer).toMatchObject({ status: 408, code: 'request-timeout' });
  });

  it('gets over a connection that is cut in the middle of a body', async () => {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'POST /library/commands/AddCopy HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect((await fetch(`${server.url}/library/health/live`)).status).toBe(200);
  });
});

describe('paths', () => {
  it.each([
    '/library/commands/%',
    '/library/commands/%zz',
    '/library/commands/%ff%fe',
    '/library/commands/%00',
    '/library/commands/..%2f..%2fetc%2fpasswd',
    '/library/commands/%2e%2e/%2e%2e/etc/passwd',
    '/library/commands/AddCopy/',
    '/library/commands/AddCopy/more',
    '/library//commands/AddCopy',
    '/library/commands/__proto__',
    '/library/commands/constructor',
    '/%6cibrary/health/live',
    '/__proto__/health/live',
    '/library/../../etc/passwd',
    '/library/%2e%2e/%2e%2e/etc/passwd',
    '/\\..\\..\\etc\\passwd',
    '/',
    '//',
    '/?',
  ])('answers %s with 400 or 404', async (path) => {
    for (const method of ['GET', 'POST']) {
      const answer = await sendRaw(
        `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      expect([400, 404]).toContain(answer.status);
      expect(answer.head).toContain('application/problem+json');
    }
  });

  it('answers methods that are not possible with 405 and those that are', async () => {
    const paths = {
      'commands/AddCopy': 'POST',
      'queries/ListTitles': 'GET, HEAD',
      'openapi.json': 'GET, HEAD',
      'health/ready': 'GET, HEAD',
      metrics: 'GET, HEAD',
    };
    for (const [path, allow] of Object.entries(paths)) {
      for (const method of ['DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
        const { status, head } = await sendRaw(
          `${method} /library/${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
        );
        expect([method, path, status]).toEqual([method, path, 405]);
        expect(head).toContain(`Allow: ${allow}`);
      }
    }
  });

  it('refuses more parameters than anybody means', async () => {
    const response = await fetch(`${server.url}/library/queries/ListTitles?${'a&'.repeat(1_001)}`);
    expect([response.status, ((await response.json()) as any).code]).toEqual([400, 'malformed-query']);
  });
});
