import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { coldStationBells } from '../cold-station/events.js';
import { grillBells } from '../grill/events.js';
import { kitchen } from '../kitchen.js';

const { Queued, Started, Prepared, Dropped } = grillBells;
const steak = (n: number) => ({ itemId: `t1-${n}`, ticketId: 't1', table: '7', course: 2, dish: 'steak' });
/** Four places: the grill is full. */
const full = [1, 2, 3, 4].map((n) => Started(steak(n)));

const commands = kitchen.modules.find(({ name }) => name === 'grill')!.commands as readonly any[];
const [takeOn, finish, drop] = commands;
const house = given(kitchen).as({ id: 'test', roles: ['operator'] });

describe('a station', () => {
  it('begins with a dish when it has a place for it, and lets it wait otherwise', async () => {
    await house.when(takeOn(steak(1))).then(Started(steak(1)));
    await house
      .given(...full)
      .when(takeOn(steak(5)))
      .then(Queued(steak(5)));
    await house
      .given(...full)
      .when(takeOn(steak(4)))
      .thenNothing();
  });

  it('gives the place of a dish that is done to the one that has waited longest', async () => {
    const waiting = [Queued(steak(5)), Queued(steak(6))];
    await house
      .given(...full, ...waiting)
      .when(finish({ itemId: 't1-2' }))
      .then(Prepared(steak(2)), Started(steak(5)));
    await house
      .given(Started(steak(1)))
      .when(finish({ itemId: 't1-1' }))
      .then(Prepared(steak(1)));
    await house
      .given(...full, ...waiting)
      .when(finish({ itemId: 't1-5' }))
      .thenNothing();
  });

  it('stops with what is voided, whether it cooks or waits', async () => {
    const waiting = [Queued(steak(5)), Queued(steak(6))];
    await house
      .given(...full, ...waiting)
      .when(drop({ itemId: 't1-1' }))
      .then(Dropped(steak(1)), Started(steak(5)));
    await house
      .given(...full, ...waiting)
      .when(drop({ itemId: 't1-5' }))
      .then(Dropped(steak(5)));
    await house
      .given(...full, ...waiting, Dropped(steak(5)))
      .when(finish({ itemId: 't1-1' }))
      .then(Prepared(steak(1)), Started(steak(6)));
    await house
      .given(Started(steak(1)), Prepared(steak(1)))
      .when(drop({ itemId: 't1-1' }))
      .thenNothing();
  });

  it('has a line of its own', async () => {
    const salads = [1, 2, 3].map((n) => coldStationBells.Started({ ...steak(n), itemId: `c${n}` }));
    await house
      .given(...salads)
      .when(takeOn(steak(1)))
      .then(Started(steak(1)));
  });
});
