import { describe, expect, it } from 'vitest';
import { altered } from '../../test-support/altered.js';
import { CommandConflictError } from '../deciding/deciding-errors.js';
import { CarillonError } from '../definitions/errors.js';
import { ReadModelBehindError, ReadModelFailedError } from '../querying/querying-errors.js';
import { json, useLibraryServer } from './library-server.fixture.js';

const served = useLibraryServer();

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
    served.running = altered(served.running, {
      execute: async () => {
        throw new CarillonError(code, code === 'log-overloaded' ? 'Too much waits.' : secret);
      },
    });
    await served.start();
    const response = await served.send('AddCopy', { copyId: 'c1', titleId: 't1' });
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
    served.running = altered(served.running, {
      execute: async () => {
        throw new ReadModelFailedError('catalogue', failure, isServing);
      },
    });
    await served.start();
    expect((await (await served.send('AddCopy', { copyId: 'c1', titleId: 't1' })).json()).detail).toContain(detail);
  });

  it('answers a command that the storage keeps waiting in time, and says that it is not known what becomes of it', async () => {
    served.running = altered(served.running, { execute: () => new Promise(() => undefined) });
    await served.start({ commandTimeoutMs: 20 });
    const response = await served.send('AddCopy', { copyId: 'c1', titleId: 't1' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await json(response)).toMatchObject({ code: 'outcome-unknown' });
  });

  it('answers a conflict with 409 and where it is', async () => {
    served.running = altered(served.running, {
      execute: async () => {
        throw new CommandConflictError('AddCopy', 10, 41);
      },
    });
    await served.start();
    const response = await served.send('AddCopy', { copyId: 'c1', titleId: 't1' });
    expect(response.status).toBe(409);
    expect(await json(response)).toMatchObject({ code: 'command-conflict', attempts: 10, conflictingPosition: 41 });
  });

  it('answers a read model that does not catch up in time with 503', async () => {
    served.running = altered(served.running, {
      answer: async () => {
        throw new ReadModelBehindError('catalogue', 3, 7);
      },
    });
    await served.start();
    const response = await served.ask('ListTitles', { 'Carillon-After': '7' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await json(response)).toMatchObject({ code: 'read-model-behind', position: 3, awaited: 7 });
  });
});
