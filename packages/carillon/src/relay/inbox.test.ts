import { describe, expect, test } from 'vitest';
import { memoryLog } from '../log/memory-log.js';
import { claimWork } from '../reacting/claim.js';
import { brokerWith, holds, place, useServices } from './connected.fixture.js';
import { Inbox } from './inbox.js';
import { deskService, happenedIn, Placed, storeService } from './services.fixture.js';

const services = useServices();

describe('inboxes', () => {
  test('take nothing in any more once another process does', async () => {
    const broker = brokerWith();
    const desk = await services.run(deskService, broker);
    await place(desk, 'o1');
    const log = memoryLog();
    const publisher = { system: 'system', module: 'desk' };
    const givenBack: string[] = [];
    const claimant = (member: string) => ({
      member,
      lease: { token: 1, isHeld: () => true, giveBack: () => void givenBack.push(member) },
    });
    const inbox = async (member: string) => {
      const claim = await claimWork(log, 'inbox:desk', claimant(member));
      const { transport } = broker;
      const onFailure = (error: unknown) => services.failures.push({ direction: 'inbox', module: 'desk', error });
      const subscriber = 'store';
      return new Inbox({ log, publisher, subscriber, types: ['Placed'], transport, claim, onFailure, askMs: 50 });
    };
    const frozen = await inbox('frozen');
    const other = await inbox('other');
    other.start();
    await expect.poll(() => happenedIn(log)).toEqual(['Placed o1']);
    await other.close();
    await place(desk, 'o2');
    frozen.start();
    await expect.poll(() => givenBack).toContain('frozen');
    await frozen.close();
    expect(await happenedIn(log)).toEqual(['Placed o1']);
  });

  test('refuse what no relay sent, and go on', async () => {
    const broker = brokerWith();
    const publisher = { system: 'system', module: 'desk' };
    const strange = ['no JSON', '{}', '[]', '{"specversion":"1.0","source":"/other/desk","id":"1","type":"Placed"}'];
    await broker.transport.publish(
      publisher,
      strange.map((body, n) => ({ id: String(n), type: 'Placed', body })),
    );
    const store = await services.run(storeService, broker);
    await expect
      .poll(() => services.failures.filter(({ direction }) => direction === 'inbox').length)
      .toBeGreaterThan(3);
    expect(services.failures.map(({ error }) => String(error)).join('\n')).toMatch(
      /no JSON.*no CloudEvent.*\/other\/desk/s,
    );
    await broker.transport.publish(publisher, [
      {
        id: 'e1',
        type: 'Placed',
        body: JSON.stringify({
          specversion: '1.0',
          id: 'e1',
          source: '/system/desk',
          type: 'Placed',
          time: '2026-01-01T00:00:00.000Z',
          carillonversion: 1,
          carillonposition: '1',
          carillonprevious: '0',
          carillontags: '["order:o1"]',
          carillonmetadata: '{}',
          data: Placed({ orderId: 'o1' }).data,
        }),
      },
    ]);
    await holds(store, ['Placed'], ['Placed o1']);
  });
});
