import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { application, command, event, hosting, module, reaction } from '../index.js';

const Placed = event('Placed', { data: z.object({ orderId: z.string() }) });
const Paid = event('Paid', { data: z.object({ orderId: z.string() }) });
const Noted = event('Noted', { data: z.object({}) });
const Place = command('Place', { data: z.object({ orderId: z.string() }), decide: ({ data }) => Placed(data) });
const Pay = command('Pay', { data: z.object({ orderId: z.string() }), decide: ({ data }) => Paid(data) });
const ordering = module('ordering', { publishes: [Placed], consumes: [Paid], commands: [Place] });
const payment = module('payment', {
  publishes: [Paid],
  events: [Noted],
  consumes: [Placed],
  commands: [Pay],
  reactions: [reaction('pay', { on: Placed, startsAt: 'beginning', run: (e, { issue }) => issue(Pay(e)) })],
});
const shop = application('shop', { modules: [ordering, payment], timeZone: 'Europe/Berlin' });

describe('hosting', () => {
  it('runs some modules, and knows what they consume of the others', () => {
    const service = hosting(shop, ['payment']);
    expect(service.name).toBe('shop-payment');
    expect(service.system).toBe('shop');
    expect(service.timeZone).toBe('Europe/Berlin');
    expect([...service.commands.keys()]).toEqual(['Pay']);
    expect([...service.events.keys()]).toEqual(['Paid', 'Noted']);
    expect([...service.reactions.keys()]).toEqual(['pay']);
    expect(service.imports).toEqual(new Map([['ordering', new Set(['Placed'])]]));
    expect(shop.imports.size).toBe(0);
    expectTypeOf(service).toEqualTypeOf(shop);
  });

  it('of a part hosts a smaller part, in the same system', () => {
    const whole = hosting(shop, ['ordering', 'payment'], { name: 'both' });
    expect(whole.imports.size).toBe(0);
    const part = hosting(whole, ['ordering'], { name: 'desk' });
    expect([part.name, part.system, [...part.imports.keys()]]).toEqual(['desk', 'shop', ['payment']]);
  });

  it('refuses modules that are not there, and none at all', () => {
    expect(() => hosting(shop, ['paymant'])).toThrow(
      'There is no module paymant. Application shop has: ordering, payment.',
    );
    expect(() => hosting(shop, [])).toThrow('Say which modules to host. Application shop has: ordering, payment.');
  });
});

describe('an application with modules elsewhere', () => {
  it('consumes what they publish', () => {
    const orders = module('ordering', { publishes: [Placed] });
    const service = application('payments', { modules: [payment], elsewhere: [orders], system: 'shop' });
    expect(service.imports).toEqual(new Map([['ordering', new Set(['Placed'])]]));
  });

  it('does not compile, nor come to be, when nobody publishes what it consumes', () => {
    const orders = module('ordering', { publishes: [Noted] });
    expect(() =>
      application('payments', {
        // @ts-expect-error event Placed is published by no module
        modules: [payment],
        elsewhere: [orders],
      }),
    ).toThrow('module payment consumes Placed, which no other module publishes.');
  });

  it('does not have a module here and elsewhere', () => {
    expect(() => application('payments', { modules: [payment, ordering], elsewhere: [ordering] })).toThrow(
      'module ordering is here and elsewhere.',
    );
  });
});
