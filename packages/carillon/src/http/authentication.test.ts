import { beforeEach, describe, expect, it } from 'vitest';
import { UnauthenticatedError } from './authentication.js';
import { json, useLibraryServer } from './library-server.fixture.js';

const served = useLibraryServer();

describe('authentication', () => {
  beforeEach(() =>
    served.start({
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
    const response = await served.send('AddCopy', { copyId: 'c1', titleId: 't1' }, { Authorization: 'Bearer ada' });
    expect(response.status).toBe(200);
    const [event] = await served.running.log.read({ items: [] });
    expect(event?.metadata['actor']).toBe('ada');
  });

  it('answers credentials that are refused with 401, and hides why they could not be looked at', async () => {
    const wrong = await served.send('AddCopy', { copyId: 'c1', titleId: 't1' }, { Authorization: 'Bearer wrong' });
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await json(wrong)).detail).toBe('The token has expired.');
    const broken = await served.ask('ListTitles', { Authorization: 'Bearer broken' });
    expect(broken.status).toBe(401);
    expect(await broken.text()).not.toContain('10.0.0.7');
    expect(served.lines.some(({ level }) => level === 'warn')).toBe(true);
  });

  it('answers who may not with 403', async () => {
    const command = await served.send(
      'BorrowCopy',
      { copyId: 'c1', memberId: 'ada' },
      { Authorization: 'Bearer banned' },
    );
    expect([command.status, (await json(command)).code]).toEqual([403, 'forbidden']);
    expect((await served.ask('ListTitles', { Authorization: 'Bearer banned' })).status).toBe(403);
  });

  it('lets only operators see metrics, and everyone the health', async () => {
    expect((await fetch(`${served.url}/library/metrics`)).status).toBe(401);
    expect((await fetch(`${served.url}/library/metrics`, { headers: { Authorization: 'Bearer ada' } })).status).toBe(
      403,
    );
    expect((await fetch(`${served.url}/library/metrics`, { headers: { Authorization: 'Bearer root' } })).status).toBe(
      200,
    );
    expect((await fetch(`${served.url}/library/health/ready`)).status).toBe(200);
  });
});
