import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { altered } from '../../test-support/altered.js';
import { library } from '../../test-support/library.js';
import { CommandConflictError } from '../deciding/deciding-errors.js';
import { CarillonError } from '../definitions/errors.js';
import { ReadModelBehindError, ReadModelFailedError } from '../querying/querying-errors.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { startInMemory } from '../runtime/start.js';
import { UnauthenticatedError } from './authentication.js';
import type { Logger } from './logger.js';
import { type HttpServer, type ServeOptions, serve } from './server.js';

interface Line {
  readonly level: string;
  readonly fields: Record<string, unknown>;
}

let running: RunningApplication;
let server: HttpServer;
let lines: Line[];

const logger: Logger = {
  info: (fields) => lines.push({ level: 'info', fields: { ...fields } }),
  warn: (fields) => lines.push({ level: 'warn', fields: { ...fields } }),
  error: (fields) => lines.push({ level: 'error', fields: { ...fields } }),
};

async function start(options: Partial<ServeOptions> = {}): Promise<void> {
  server = await serve({ port: 0, logger, applications: [{ running }], ...options });
}

function send(name: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/library/commands/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function ask(search: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/library/queries/${search}`, { headers });
}

async function json(response: Response): Promise<any> {
  return response.json();
}

beforeEach(async () => {
  running = await startInMemory(library);
  lines = [];
});

afterEach(async () => {
  await server.close();
  await running.close();
});

describe('POST /commands/{Name}', () => {
  beforeEach(() => start());

  it('answers an accepted command with its receipt and nothing else', async () => {
    const response = await send('AddCopy', { copyId: 'c1', titleId: 't1' }, { 'Idempotency-Key': 'k1' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('{"commandId":"k1","position":1}');
  });

  it('gives a command without Idempotency-Key an id', async () => {
    const { commandId, position } = await json(await send('AddCopy', { copyId: 'c1', titleId: 't1' }));
    expect(commandId).toMatch(/^[\da-f-]{36}$/);
    expect(position).toBe(1);
  });

  it('gives a command that is sent twice the same receipt, and one effect', async () => {
    const first = await send('AddCopy', { copyId: 'c1', titleId: 't1' }, { 'Idempotency-Key': '"k1"' });
    const second = await send('AddCopy', { copyId: 'c1', titleId: 't1' }, { 'Idempotency-Key': 'k1' });
    expect(await second.text()).toBe(await first.text());
    expect(await running.log.head()).toBe(1);
  });

  it('answers the id of another command with 409', async () => {
    await send('AddCopy', { copyId: 'c1', titleId: 't1' }, { 'Idempotency-Key': 'k1' });
    const response = await send('AddCopy', { copyId: 'c2', titleId: 't1' }, { 'Idempotency-Key': 'k1' });
    expect(response.status).toBe(409);
    expect(await json(response)).toMatchObject({
      type: 'urn:carillon:problem:command-id-reused',
      code: 'command-id-reused',
    });
  });

  it('answers a rejection with 422, its code and its details', async () => {
    await send('AddCopy', { copyId: 'c1', titleId: 't1' });
    await send('BorrowCopy', { copyId: 'c1', memberId: 'ada' });
    const response = await send('BorrowCopy', { copyId: 'c1', memberId: 'bob' });
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await json(response)).toEqual({
      type: 'urn:carillon:problem:rejected',
      title: 'The command was rejected',
      status: 422,
      detail: 'The copy is on loan',
      code: 'AlreadyOut',
      details: { copyId: 'c1' },
    });
  });

  it('names every wrong field', async () => {
    const response = await send('AddCopy', {
      copyId: 7,
      notes: [
        { page: 1, text: 'x' },
        { page: 'one', text: 'x' },
      ],
    });
    expect(response.status).toBe(400);
    const problem = await json(response);
    expect(problem.type).toBe('urn:carillon:problem:validation-failed');
    expect(problem.issues.map((issue: { path: string }) => issue.path).sort()).toEqual([
      '/copyId',
      '/notes/1/page',
      '/titleId',
    ]);
  });

  it('records a valid traceparent with the events and leaves an invalid one out', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await send('AddCopy', { copyId: 'c1', titleId: 't1' }, { traceparent });
    await send(
      'AddCopy',
      { copyId: 'c2', titleId: 't1' },
      { traceparent: '00-00000000000000000000000000000000-00f067aa0ba902b7-01' },
    );
    const [first, second] = await running.log.read({ items: [] });
    expect(first?.metadata['traceparent']).toBe(traceparent);
    expect(second?.metadata).not.toHaveProperty('traceparent');
  });

  it('says which command was probably meant', async () => {
    const response = await send('borrowCopi', {});
    expect(response.status).toBe(404);
    expect((await json(response)).detail).toBe('There is no command borrowCopi. Did you mean BorrowCopy?');
  });

  it('answers another method with 405 and what is possible', async () => {
    const response = await fetch(`${server.url}/library/commands/AddCopy`, { method: 'PUT', body: '{}' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect((await json(response)).code).toBe('method-not-allowed');
  });

  it('tells the log what went wrong, and the caller only an incident id', async () => {
    const response = await send('Explode', { secret: 'hunter2' });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toMatch(/SELECT|hunter2|srv|decide\.js/);
    const problem = JSON.parse(text);
    expect(problem.code).toBe('internal-error');
    const line = lines.find(({ level }) => level === 'error');
    expect(line?.fields['incident']).toBe(problem.incident);
    expect(String(line?.fields['err'])).toContain('hunter2');
  });
});

describe('GET /queries/{Name}', () => {
  beforeEach(async () => {
    await start();
    await send('AddCopy', { copyId: 'c1', titleId: 't1' });
    await send('AddCopy', { copyId: 'c2', titleId: 't2' });
    expect((await ask('Shelf', { 'Carillon-After': '2' })).status).toBe(200);
  });

  it('answers with the position and an entity tag', async () => {
    const response = await ask('Availability?titleId=t1');
    expect(response.status).toBe(200);
    expect(response.headers.get('carillon-position')).toBe('2');
    expect(response.headers.get('etag')).toMatch(/^"[\w-]{22}"$/);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await json(response)).toEqual({ titleId: 't1', copies: 1, available: 1 });
  });

  it('answers HEAD as GET, without the body', async () => {
    const response = await fetch(`${server.url}/library/queries/Availability?titleId=t1`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('carillon-position')).toBe('2');
    expect(await response.text()).toBe('');
  });

  it('recognises numbers, booleans and lists', async () => {
    expect(await json(await ask('ListTitles?limit=1'))).toEqual([{ titleId: 't1', available: 1 }]);
    expect(await json(await ask('ListTitles?only=t2&only=t9'))).toEqual([{ titleId: 't2', available: 1 }]);
    await send('BorrowCopy', { copyId: 'c1', memberId: 'ada' });
    expect(await json(await ask('ListTitles?inStock=true', { 'Carillon-After': '3' }))).toEqual([
      { titleId: 't2', available: 1 },
    ]);
  });

  it('answers what the caller has with 304', async () => {
    const etag = (await ask('Availability?titleId=t1')).headers.get('etag')!;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await ask('Availability?titleId=t1', { 'If-None-Match': known });
      expect([known, response.status]).toEqual([known, 304]);
      expect(response.headers.get('carillon-position')).toBe('2');
      expect(response.headers.get('etag')).toBe(etag);
    }
    expect((await ask('Availability?titleId=t1', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('keeps the entity tag while the result stays the same', async () => {
    const before = await ask('Availability?titleId=t1');
    await send('AddCopy', { copyId: 'c3', titleId: 't3' });
    const after = await ask('Availability?titleId=t1', { 'Carillon-After': '3' });
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
    expect(after.headers.get('carillon-position')).toBe('3');
  });

  it('refuses positions that are none, and those the log has not reached', async () => {
    for (const after of [
      '-1',
      '1.5',
      'NaN',
      'Infinity',
      '1e3',
      '0x10',
      '9007199254740992',
      '99999999999999999999',
      'x',
      '1, 2',
    ]) {
      const response = await ask('Availability?titleId=t1', { 'Carillon-After': after });
      expect([after, response.status, (await json(response)).code]).toEqual([after, 400, 'header-invalid']);
    }
    const ahead = await ask('Availability?titleId=t1', { 'Carillon-After': '9007199254740991' });
    expect([ahead.status, (await json(ahead)).code]).toEqual([400, 'position-ahead']);
  });

  it('refuses parameters that a strict schema does not know, and ignores them otherwise', async () => {
    const strict = await ask('Availability?titleId=t1&extra=1');
    expect(strict.status).toBe(400);
    expect((await json(strict)).code).toBe('validation-failed');
    expect((await ask('ListTitles?extra=1')).status).toBe(200);
  });

  it('names wrong parameters', async () => {
    const response = await ask('ListTitles?limit=many&inStock=perhaps');
    expect(response.status).toBe(400);
    expect((await json(response)).issues.map((issue: { path: string }) => issue.path).sort()).toEqual([
      '/inStock',
      '/limit',
    ]);
  });

  it('answers odd encodings and repeated parameters with 400', async () => {
    for (const search of [
      'Availability?titleId=%zz',
      'Availability?titleId=%ff',
      'Availability?%=1',
      'Availability?titleId=a&titleId=b',
    ]) {
      expect([search, (await ask(search)).status]).toEqual([search, 400]);
    }
  });

  it('says which query was probably meant', async () => {
    const problem = await json(await ask('Avalability?titleId=t1'));
    expect(problem).toMatchObject({
      status: 404,
      code: 'unknown-query',
      detail: 'There is no query Avalability. Did you mean Availability?',
    });
    for (const name of ['__proto__', 'constructor', 'toString', '%5F_proto__'])
      expect((await ask(name)).status).toBe(404);
  });
});

describe('authentication', () => {
  beforeEach(() =>
    start({
      authenticate: (headers) => {
        const token = headers.get('authorization');
        if (token === 'Bearer broken') throw new Error('the key server is at 10.0.0.7');
        if (token === 'Bearer wrong') throw new UnauthenticatedError('The token has expired.');
        return token === null ? undefined : { id: token.slice('Bearer '.length) };
      },
      operator: (actor) => actor?.id === 'root',
    }),
  );

  it('records who sent a command', async () => {
    const response = await send('AddCopy', { copyId: 'c1', titleId: 't1' }, { Authorization: 'Bearer ada' });
    expect(response.status).toBe(200);
    const [event] = await running.log.read({ items: [] });
    expect(event?.metadata['actor']).toBe('ada');
  });

  it('answers credentials that are refused with 401, and hides why they could not be looked at', async () => {
    const wrong = await send('AddCopy', { copyId: 'c1', titleId: 't1' }, { Authorization: 'Bearer wrong' });
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await json(wrong)).detail).toBe('The token has expired.');
    const broken = await ask('ListTitles', { Authorization: 'Bearer broken' });
    expect(broken.status).toBe(401);
    expect(await broken.text()).not.toContain('10.0.0.7');
    expect(lines.some(({ level }) => level === 'warn')).toBe(true);
  });

  it('answers who may not with 403', async () => {
    const command = await send('BorrowCopy', { copyId: 'c1', memberId: 'ada' }, { Authorization: 'Bearer banned' });
    expect([command.status, (await json(command)).code]).toEqual([403, 'forbidden']);
    expect((await ask('ListTitles', { Authorization: 'Bearer banned' })).status).toBe(403);
  });

  it('lets only operators see metrics, and everyone the health', async () => {
    expect((await fetch(`${server.url}/library/metrics`)).status).toBe(401);
    expect((await fetch(`${server.url}/library/metrics`, { headers: { Authorization: 'Bearer ada' } })).status).toBe(
      403,
    );
    expect((await fetch(`${server.url}/library/metrics`, { headers: { Authorization: 'Bearer root' } })).status).toBe(
      200,
    );
    expect((await fetch(`${server.url}/library/health/ready`)).status).toBe(200);
  });
});

describe('what operators need', () => {
  it('says that it lives and that it is ready', async () => {
    await start();
    expect(await json(await fetch(`${server.url}/library/health/live`))).toEqual({ status: 'live' });
    const ready = await fetch(`${server.url}/library/health/ready`);
    expect([ready.status, await json(ready)]).toEqual([200, { ready: true, problems: [] }]);
  });

  it('answers 503 with the problems while it is not ready', async () => {
    running = altered(running, {
      health: async () => ({ ready: false, problems: ['Read model catalogue is 9,000 events behind.'] }),
    });
    await start();
    const response = await fetch(`${server.url}/library/health/ready`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await json(response)).toMatchObject({
      code: 'not-ready',
      problems: ['Read model catalogue is 9,000 events behind.'],
    });
  });

  it('counts commands by name and outcome, and tells the lag of read models', async () => {
    await start();
    await send('AddCopy', { copyId: 'c1', titleId: 't1' });
    await send('BorrowCopy', { copyId: 'c9', memberId: 'ada' });
    await send('BorrowCopy', { copyId: 1 });
    await ask('ListTitles', { 'Carillon-After': '1' });
    const response = await fetch(`${server.url}/library/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    const labels = (kind: string, name: string, outcome: string) =>
      `{application="library",${kind}="${name}",outcome="${outcome}"}`;
    for (const line of [
      `carillon_command_duration_seconds_count${labels('command', 'AddCopy', 'accepted')} 1`,
      `carillon_command_duration_seconds_count${labels('command', 'BorrowCopy', 'rejected')} 1`,
      `carillon_command_duration_seconds_count${labels('command', 'BorrowCopy', 'validation-failed')} 1`,
      `carillon_query_duration_seconds_count${labels('query', 'ListTitles', 'answered')} 1`,
      'carillon_read_model_lag_events{read_model="catalogue",application="library"} 0',
      'carillon_open_subscriptions{application="library"} 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('holds calls back when the limiter says so', async () => {
    await start({ limit: ({ kind, name }) => (kind === 'command' && name === 'AddCopy' ? 1_500 : undefined) });
    const response = await send('AddCopy', { copyId: 'c1', titleId: 't1' });
    expect([response.status, response.headers.get('retry-after'), (await json(response)).code]).toEqual([
      429,
      '2',
      'too-many-requests',
    ]);
    expect((await ask('ListTitles')).status).toBe(200);
  });
});

describe('errors of a running application', () => {
  it.each([
    ['log-overloaded', 503, 'overloaded', '1'],
    ['not-running', 503, 'not-running', '2'],
    ['log-write-failed', 503, 'storage-failed', '5'],
    ['log-outcome-unknown', 503, 'outcome-unknown', '5'],
    ['read-database-failed', 503, 'storage-failed', '5'],
    ['read-database-closed', 503, 'not-running', '2'],
    ['read-model-failed', 503, 'read-model-failed', '30'],
    ['decision-invalid', 500, 'internal-error', null],
  ])('answers %s with %i', async (code, status, problemCode, retryAfter) => {
    const secret = 'SQLITE_FULL at /var/lib/carillon/log.db';
    running = altered(running, {
      execute: async () => {
        throw new CarillonError(code, code === 'log-overloaded' ? 'Too much waits.' : secret);
      },
    });
    await start();
    const response = await send('AddCopy', { copyId: 'c1', titleId: 't1' });
    const text = await response.text();
    expect([response.status, JSON.parse(text).code, response.headers.get('retry-after')]).toEqual([
      status,
      problemCode,
      retryAfter,
    ]);
    expect(text).not.toContain('SQLITE');
    expect(text).not.toContain('/var');
  });

  it.each([
    [true, 'Ask again without Carillon-After'],
    [false, 'it was built for the first time, and answers nothing'],
  ])('says whether a read model that has stopped has anything to answer from: %s', async (isServing, detail) => {
    const failure = { position: 1, eventType: 'CopyAdded', message: 'secret', failedAt: '' };
    running = altered(running, {
      execute: async () => {
        throw new ReadModelFailedError('catalogue', failure, isServing);
      },
    });
    await start();
    expect((await (await send('AddCopy', { copyId: 'c1', titleId: 't1' })).json()).detail).toContain(detail);
  });

  it('answers a command that the storage keeps waiting in time, and says that it is not known what becomes of it', async () => {
    running = altered(running, { execute: () => new Promise(() => undefined) });
    await start({ commandTimeoutMs: 20 });
    const response = await send('AddCopy', { copyId: 'c1', titleId: 't1' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await json(response)).toMatchObject({ code: 'outcome-unknown' });
  });

  it('answers a conflict with 409 and where it is', async () => {
    running = altered(running, {
      execute: async () => {
        throw new CommandConflictError('AddCopy', 10, 41);
      },
    });
    await start();
    const response = await send('AddCopy', { copyId: 'c1', titleId: 't1' });
    expect(response.status).toBe(409);
    expect(await json(response)).toMatchObject({ code: 'command-conflict', attempts: 10, conflictingPosition: 41 });
  });

  it('answers a read model that does not catch up in time with 503', async () => {
    running = altered(running, {
      answer: async () => {
        throw new ReadModelBehindError('catalogue', 3, 7);
      },
    });
    await start();
    const response = await ask('ListTitles', { 'Carillon-After': '7' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await json(response)).toMatchObject({ code: 'read-model-behind', position: 3, awaited: 7 });
  });
});
