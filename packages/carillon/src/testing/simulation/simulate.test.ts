import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { application } from '../../definitions/application.js';
import { integer, text } from '../../definitions/column.js';
import { command } from '../../definitions/command.js';
import { event } from '../../definitions/event.js';
import { type AnyReaction, module } from '../../definitions/module.js';
import { processManager } from '../../definitions/process-manager.js';
import { query } from '../../definitions/query.js';
import { reaction } from '../../definitions/reaction.js';
import { readModel } from '../../definitions/read-model.js';
import { state } from '../../definitions/state.js';
import { table } from '../../definitions/table.js';
import { simulate } from './simulate.js';
import type { Simulation } from './simulation.js';
import { type Faults, SimulationError } from './simulation-options.js';

// Tickets for a concert: seats are reserved, then charged at a provider outside, or given back when that takes too long.
const Seat = z.object({ orderId: z.string(), seats: z.int() });
const SeatsReserved = event('SeatsReserved', { data: Seat, tags: (e) => ({ order: e.orderId, hall: 'main' }) });
const SeatsReleased = event('SeatsReleased', { data: Seat, tags: (e) => ({ order: e.orderId, hall: 'main' }) });
const Charged = event('Charged', { data: z.object({ orderId: z.string() }), tags: (e) => ({ order: e.orderId }) });

const hall = state('hall', { initial: 10 })
  .on(SeatsReserved, (free, e) => free - e.seats)
  .on(SeatsReleased, (free, e) => free + e.seats);
type OrderState = { seats: number; is: 'new' | 'reserved' | 'charged' | 'released' };
const order = state('order', { initial: { seats: 0, is: 'new' } as OrderState })
  .on(SeatsReserved, (_, e) => ({ seats: e.seats, is: 'reserved' }))
  .on(SeatsReleased, (known) => ({ ...known, is: 'released' }))
  .on(Charged, (known) => ({ ...known, is: 'charged' }));

const Reserve = command('Reserve', {
  data: Seat,
  reads: (c) => ({ hall: hall('main'), order: order(c.orderId) }),
  rejections: { Full: 'No seats left', Known: 'The order is known' },
  decide: ({ data, hall, order, reject }) =>
    order.is !== 'new' ? reject('Known') : hall < data.seats ? reject('Full') : SeatsReserved(data),
});
/** With a bug: it does not look whether there are seats. */
const ReserveBlindly = command('Reserve', {
  data: Seat,
  decide: ({ data }) => SeatsReserved(data),
});
const Release = command('Release', {
  data: z.object({ orderId: z.string() }),
  reads: (c) => ({ order: order(c.orderId) }),
  decide: ({ data, order }) =>
    order.is === 'reserved' ? SeatsReleased({ orderId: data.orderId, seats: order.seats }) : undefined,
});
const ConfirmCharge = command('ConfirmCharge', {
  data: z.object({ orderId: z.string() }),
  reads: (c) => ({ order: order(c.orderId) }),
  rejections: { TooLate: 'The seats were given back' },
  decide: ({ data, order, reject }) =>
    order.is === 'reserved' ? Charged(data) : order.is === 'charged' ? undefined : reject('TooLate'),
});

const reservations = processManager('reservations', {
  by: 'order',
  initial: {},
  timers: ['payment'],
  startsAt: 'beginning',
})
  .on(SeatsReserved, (_, __, { setTimer }) => setTimer('payment', { minutes: 10 }))
  .on(Charged, (_, __, { end }) => end())
  .onTimer('payment', (_, { issue, key }) => issue(Release({ orderId: key })));

const sold = table({ columns: { hall: text(), seats: integer() }, key: 'hall' });
const sales = readModel('sales', { tables: { sold } })
  .on(SeatsReserved, (e, db) =>
    db.sold.update('main', (row) => ({ seats: row.seats + e.seats }), { hall: 'main', seats: e.seats }),
  )
  .on(SeatsReleased, (e, db) => db.sold.update('main', (row) => ({ seats: row.seats - e.seats })));
const Sold = query('Sold', {
  params: z.object({}),
  from: sales,
  run: async (db) => (await db.selectFrom('sold').select('seats').executeTakeFirst())?.seats ?? 0,
});

/** The provider outside: it keeps a book of its own. */
class Provider {
  readonly book: string[] = [];
  readonly keys = new Set<string>();
  readonly #simulation: Simulation;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  async charge(orderId: string, key: string | undefined): Promise<void> {
    await this.#simulation.sleep({ seconds: this.#simulation.below(20) });
    if (key === undefined || !this.keys.has(key)) this.book.push(orderId);
    if (key !== undefined) this.keys.add(key);
  }

  refund(orderId: string): void {
    this.book.splice(this.book.indexOf(orderId), 1);
  }
}

function charging(provider: Provider, { withKey }: { withKey: boolean }): AnyReaction {
  return reaction('charging', {
    on: SeatsReserved,
    inOrderBy: (e) => e.orderId,
    startsAt: 'beginning',
    timeoutMs: 60_000,
    run: async (e, { issue, idempotencyKey }) => {
      await provider.charge(e.orderId, withKey ? idempotencyKey : undefined);
      const result = await issue(ConfirmCharge({ orderId: e.orderId }));
      if (result.rejected) provider.refund(e.orderId);
    },
  });
}

function concert(bugs: { blind?: boolean; keyless?: boolean } = {}) {
  const reserve = bugs.blind === true ? ReserveBlindly : Reserve;
  let provider: Provider;
  return {
    application: (simulation: Simulation) => {
      provider = new Provider(simulation);
      return application('concert', {
        modules: [
          module('tickets', {
            publishes: [SeatsReserved, SeatsReleased, Charged],
            commands: [reserve, Release, ConfirmCharge],
            readModels: [sales],
            queries: [Sold],
            reactions: [reservations, charging(provider, { withKey: bugs.keyless !== true })],
          }),
        ],
      });
    },
    workload: async (simulation: Simulation) => {
      await Promise.all(
        Array.from({ length: 8 }, async (_, n) => {
          await simulation.sleep({ milliseconds: simulation.below(100) });
          await simulation.execute(reserve({ orderId: `o${n}`, seats: 1 + simulation.below(4) }));
        }),
      );
    },
    invariants: {
      'no more seats are sold than there are': (simulation: Simulation) => {
        let taken = 0;
        for (const { type, data } of simulation.events('SeatsReserved', 'SeatsReleased')) {
          taken += (data as { seats: number }).seats * (type === 'SeatsReserved' ? 1 : -1);
          expect(taken).toBeLessThanOrEqual(10);
        }
      },
    },
    finally: {
      'every paid order is charged once, and no other': (simulation: Simulation) => {
        const charged = simulation.events('Charged').map(({ data }) => (data as { orderId: string }).orderId);
        expect([...provider.book].sort()).toEqual(charged.sort());
      },
      'the read model has counted every event once': async (simulation: Simulation) => {
        let seats = 0;
        for (const { type, data } of simulation.events('SeatsReserved', 'SeatsReleased')) {
          seats += (data as { seats: number }).seats * (type === 'SeatsReserved' ? 1 : -1);
        }
        expect(await simulation.query(Sold({}))).toBe(seats);
      },
    },
  };
}

const faults = { failure: 0.05, duplicate: 0.1, crash: 0.01 };

describe('simulate', () => {
  it('finds nothing wrong with an application that is right, whatever fails', async () => {
    const report = await simulate({ ...concert(), runs: 40, faults });
    expect(report.runs).toBe(40);
    expect(report.crashes).toBeGreaterThan(10);
    expect(report.steps).toBeGreaterThan(40 * 50);
  });

  it('lets things go wrong without being asked to, and only as much as it is told to', async () => {
    const crashes = async (options: { readonly faults?: Faults | false }) =>
      (await simulate({ ...concert(), runs: 20, ...options })).crashes;
    expect(await crashes({})).toBeGreaterThan(3);
    expect(await crashes({ faults: { failure: 0.1 } })).toBeGreaterThan(3);
    expect(await crashes({ faults: { crash: 0 } })).toBe(0);
    expect(await crashes({ faults: false })).toBe(0);
  });

  it('does the same for the same seed, and something else for another', async () => {
    const once = await simulate({ ...concert(), seed: 7, runs: 3, faults });
    expect(await simulate({ ...concert(), seed: 7, runs: 3, faults })).toEqual(once);
    expect((await simulate({ ...concert(), seed: 8, runs: 3, faults })).trace).not.toBe(once.trace);
  });

  it('finds a decision without its boundary', async () => {
    await expect(simulate({ ...concert({ blind: true }), runs: 40 })).rejects.toThrow(
      '"no more seats are sold than there are" does not hold',
    );
  });

  it('finds a call without its idempotency key, names the seed, and fails the same way again', async () => {
    const failed = simulate({ ...concert({ keyless: true }), runs: 40, faults });
    const error = (await failed.catch((thrown: unknown) => thrown)) as SimulationError;
    expect(error).toBeInstanceOf(SimulationError);
    expect(error.message).toContain('"every paid order is charged once, and no other" does not hold');
    expect(error.message).toContain(`{ seed: ${error.seed}, runs: 1 }`);
    const again = simulate({ ...concert({ keyless: true }), seed: error.seed, runs: 1, faults });
    await expect(again).rejects.toThrow(error.message);
  });

  it('says so when an application does not come to rest', async () => {
    const restless = processManager('restless', { by: 'order', initial: 0, timers: ['again'], startsAt: 'beginning' })
      .on(SeatsReserved, (_, __, { setTimer }) => setTimer('again', { seconds: 1 }))
      .onTimer('again', (_, { setTimer }) => setTimer('again', { seconds: 1 }));
    const app = application('restless', {
      modules: [
        module('tickets', {
          publishes: [SeatsReserved, SeatsReleased, Charged],
          commands: [Reserve],
          reactions: [restless],
        }),
      ],
    });
    const endless = simulate({
      application: app,
      runs: 1,
      maxSteps: 2_000,
      workload: ({ execute }) => execute(Reserve({ orderId: 'o1', seats: 1 })),
    });
    await expect(endless).rejects.toThrow('It did not end: the log has');
  });
});
