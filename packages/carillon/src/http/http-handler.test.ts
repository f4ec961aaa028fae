import { beforeEach, describe, expect, it } from 'vitest';
import { altered } from '../../test-support/altered.js';
import { json, useLibraryServer } from './library-server.fixture.js';

const served = useLibraryServer();

describe('POST /commands/{Name}', () => {
  beforeEach(() => served.start());

  it('answers an accepted command with its receipt and nothing else', async () => {
    const response = await served.send('AddCopy', { copyId: 'c1', titleId: 't1' }, { 'Idempotency-Key': 'k1' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('{"commandId":"k1","position":1}');
  });

  it('gives a command without Idempotency-Key an id', async () => {
    const { commandId, position } = await json(await served.send('AddCopy', { copyId: 'c1', titleId: 't1' }));
    expect(commandId).toMatch(/^[\da-f-]{36}$/);
    expect(position).toBe(1);
  });

  it('gives a command that is sent twice the same receipt, and one effect', async () => {
    const first = await served.send('AddCopy', { copyId: 'c1', titleId: 't1' }, { 'Idempotency-Key': '"k1"' });
    const second = await served.send('AddCopy', { copyId: 'c1', titleId: 't1' }, { 'Idempotency-Key': 'k1' });
    expect(await second.text()).toBe(await first.text());
    expect(await served.running.log.head()).toBe(1);
  });

  it('answers the id of another command with 409', async () => {
    await served.send('AddCopy', { copyId: 'c1', titleId: 't1' }, { 'Idempotency-Key': 'k1' });
    const response = await served.send('AddCopy', { copyId: 'c2', titleId: 't1' }, { 'Idempotency-Key': 'k1' });
    expect(response.status).toBe(409);
    expect(await json(response)).toMatchObject({
      type: 'urn:carillon:problem:command-id-reused',
      code: 'command-id-reused',
    });
  });

  it('answers a rejection with 422, its code and its details', async () => {
    await served.send('AddCopy', { copyId: 'c1', titleId: 't1' });
    await served.send('BorrowCopy', { copyId: 'c1', memberId: 'ada' });
    const response = await served.send('BorrowCopy', { copyId: 'c1', memberId: 'bob' });
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
    const response = await served.send('AddCopy', {
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
    await served.send('AddCopy', { copyId: 'c1', titleId: 't1' }, { traceparent });
    await served.send(
      'AddCopy',
      { copyId: 'c2', titleId: 't1' },
      { traceparent: '00-00000000000000000000000000000000-00f067aa0ba902b7-01' },
    );
    const [first, second] = await served.running.log.read({ items: [] });
    expect(first?.metadata['traceparent']).toBe(traceparent);
    expect(second?.metadata).not.toHaveProperty('traceparent');
  });

  it('says which command was probably meant', async () => {
    const response = await served.send('borrowCopi', {});
    expect(response.status).toBe(404);
    expect((await json(response)).detail).toBe('There is no command borrowCopi. Did you mean BorrowCopy?');
  });

  it('answers another method with 405 and what is possible', async () => {
    const response = await fetch(`${served.url}/library/commands/AddCopy`, { method: 'PUT', body: '{}' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect((await json(response)).code).toBe('method-not-allowed');
  });

  it('tells the log what went wrong, and the caller only an incident id', async () => {
    const response = await served.send('Explode', { secret: 'hunter2' });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toMatch(/SELECT|hunter2|srv|decide\.js/);
    const problem = JSON.parse(text);
    expect(problem.code).toBe('internal-error');
    const line = served.lines.find(({ level }) => level === 'error');
    expect(line?.fields['incident']).toBe(problem.incident);
    expect(String(line?.fields['err'])).toContain('hunter2');
  });
});

describe('GET /queries/{Name}', () => {
  beforeEach(async () => {
    await served.start();
    await served.send('AddCopy', { copyId: 'c1', titleId: 't1' });
    await served.send('AddCopy', { copyId: 'c2', titleId: 't2' });
    expect((await served.ask('Shelf', { 'Carillon-After': '2' })).status).toBe(200);
  });

  it('answers with the position and an entity tag', async () => {
    const response = await served.ask('Availability?titleId=t1');
    expect(response.status).toBe(200);
    expect(response.headers.get('carillon-position')).toBe('2');
    expect(response.headers.get('etag')).toMatch(/^"[\w-]{22}"$/);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await json(response)).toEqual({ titleId: 't1', copies: 1, available: 1 });
  });

  it('answers HEAD as GET, without the body', async () => {
    const response = await fetch(`${served.url}/library/queries/Availability?titleId=t1`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('carillon-position')).toBe('2');
    expect(await response.text()).toBe('');
  });

  it('recognises numbers, booleans and lists', async () => {
    expect(await json(await served.ask('ListTitles?limit=1'))).toEqual([{ titleId: 't1', available: 1 }]);
    expect(await json(await served.ask('ListTitles?only=t2&only=t9'))).toEqual([{ titleId: 't2', available: 1 }]);
    await served.send('BorrowCopy', { copyId: 'c1', memberId: 'ada' });
    expect(await json(await served.ask('ListTitles?inStock=true', { 'Carillon-After': '3' }))).toEqual([
      { titleId: 't2', available: 1 },
    ]);
  });

  it('answers what the caller has with 304', async () => {
    const etag = (await served.ask('Availability?titleId=t1')).headers.get('etag')!;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await served.ask('Availability?titleId=t1', { 'If-None-Match': known });
      expect([known, response.status]).toEqual([known, 304]);
      expect(response.headers.get('carillon-position')).toBe('2');
      expect(response.headers.get('etag')).toBe(etag);
    }
    expect((await served.ask('Availability?titleId=t1', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('keeps the entity tag while the result stays the same', async () => {
    const before = await served.ask('Availability?titleId=t1');
    await served.send('AddCopy', { copyId: 'c3', titleId: 't3' });
    const after = await served.ask('Availability?titleId=t1', { 'Carillon-After': '3' });
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
      const response = await served.ask('Availability?titleId=t1', { 'Carillon-After': after });
      expect([after, response.status, (await json(response)).code]).toEqual([after, 400, 'header-invalid']);
    }
    const ahead = await served.ask('Availability?titleId=t1', { 'Carillon-After': '9007199254740991' });
    expect([ahead.status, (await json(ahead)).code]).toEqual([400, 'position-ahead']);
  });

  it('refuses parameters that a strict schema does not know, and ignores them otherwise', async () => {
    const strict = await served.ask('Availability?titleId=t1&extra=1');
    expect(strict.status).toBe(400);
    expect((await json(strict)).code).toBe('validation-failed');
    expect((await served.ask('ListTitles?extra=1')).status).toBe(200);
  });

  it('names wrong parameters', async () => {
    const response = await served.ask('ListTitles?limit=many&inStock=perhaps');
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
      expect([search, (await served.ask(search)).status]).toEqual([search, 400]);
    }
  });

  it('says which query was probably meant', async () => {
    const problem = await json(await served.ask('Avalability?titleId=t1'));
    expect(problem).toMatchObject({
      status: 404,
      code: 'unknown-query',
      detail: 'There is no query Avalability. Did you mean Availability?',
    });
    for (const name of ['__proto__', 'constructor', 'toString', '%5F_proto__'])
      expect((await served.ask(name)).status).toBe(404);
  });
});

describe('what operators need', () => {
  it('says that it lives and that it is ready', async () => {
    await served.start();
    expect(await json(await fetch(`${served.url}/library/health/live`))).toEqual({ status: 'live' });
    const ready = await fetch(`${served.url}/library/health/ready`);
    expect([ready.status, await json(ready)]).toEqual([200, { ready: true, problems: [] }]);
  });

  it('answers 503 with the problems while it is not ready', async () => {
    served.running = altered(served.running, {
      health: async () => ({ ready: false, problems: ['Read model catalogue is 9,000 events behind.'] }),
    });
    await served.start();
    const response = await fetch(`${served.url}/library/health/ready`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await json(response)).toMatchObject({
      code: 'not-ready',
      problems: ['Read model catalogue is 9,000 events behind.'],
    });
  });

  it('counts commands by name and outcome, and tells the lag of read models', async () => {
    await served.start();
    await served.send('AddCopy', { copyId: 'c1', titleId: 't1' });
    await served.send('BorrowCopy', { copyId: 'c9', memberId: 'ada' });
    await served.send('BorrowCopy', { copyId: 1 });
    await served.ask('ListTitles', { 'Carillon-After': '1' });
    const response = await fetch(`${served.url}/library/metrics`);
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
    await served.start({
      limit: ({ kind, name }) => (kind === 'command' && name === 'AddCopy' ? 1_500 : undefined),
    });
    const response = await served.send('AddCopy', { copyId: 'c1', titleId: 't1' });
    expect([response.status, response.headers.get('retry-after'), (await json(response)).code]).toEqual([
      429,
      '2',
      'too-many-requests',
    ]);
    expect((await served.ask('ListTitles')).status).toBe(200);
  });
});
