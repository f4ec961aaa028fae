import {
  chromium,
  expectToFitPhone,
  openWindows,
  type RunningExample,
  runExample,
} from '@carillon-examples/pages/test-ui';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { kitchen as application } from '../src/kitchen.js';

describe('the page of the kitchen', chromium.options, () => {
  let kitchen: RunningExample<typeof application>;

  beforeAll(async () => {
    kitchen = await runExample<typeof application>('kitchen');
  });

  afterAll(() => kitchen?.close());

  const windows = openWindows(() => kitchen.url);

  test('leads an order from the table through the kitchen and back', async () => {
    const page = await windows.visit();
    const watcher = await windows.visit();
    await page.getByRole('button', { name: 'Seat guests at table 1', exact: true }).click();
    await page.getByRole('button', { name: 'Take an order at table 1' }).click();
    const dialog = page.getByRole('dialog', { name: 'What does table 1 want?' });
    await dialog.getByRole('button', { name: 'One more Beetroot tartare' }).click();
    await dialog.getByRole('button', { name: 'One more Steak frites' }).click();
    // Somebody else watches: the cold station, the table, the grill. What is there for seconds only is looked out for beforehand.
    const starter = Promise.all([
      board(watcher, 'Cold station').getByText('Beetroot tartare').waitFor(),
      table(watcher, '1').getByText('1 starter').waitFor(),
    ]);
    await dialog.getByRole('button', { name: 'Send 2 dishes' }).click();
    await starter;
    await bell(watcher, 'New order!', 'Table 1: 2 dishes').getByText('heard by Manager, Apprentice').waitFor();
    await bell(watcher, 'Order ready!', 'Table 1: starters').getByText('heard by Runners').waitFor();
    await table(page, '1').getByText('served').waitFor();

    const steak = board(watcher, 'Grill').getByRole('listitem').filter({ hasText: 'Steak frites' });
    const main = steak.getByText('takes 9 min').waitFor();
    await page.getByRole('button', { name: 'Fire mains of table 1' }).click();
    await main;
    await page.getByRole('button', { name: 'Clear table 1' }).click();
    await board(watcher, 'Dish washing').getByText('2 plates').waitFor();
    await page.getByRole('button', { name: 'Seat guests at table 1', exact: true }).waitFor();
    await bell(watcher, 'Dishes washed', '2 plates').waitFor();
  });

  test('leaves everything in its place when work comes', async () => {
    const page = await windows.visit();
    const seat = page.getByRole('button', { name: 'Seat guests at table 12' });
    const places = async () => {
      const staying = [seat, page.getByRole('switch', { name: 'Plum tart can be had' }), board(page, 'Staff')];
      return Promise.all(staying.map((one) => one.evaluate((it) => it.getBoundingClientRect().top + scrollY)));
    };
    await board(page, 'Staff').getByText('Sommelier').waitFor();
    await seat.waitFor();
    const before = await places();
    await order(kitchen, '11', [
      { dish: 'tartare', course: 1 },
      ...Array.from({ length: 6 }, () => ({ dish: 'steak', course: 1 })),
    ]);
    await board(page, 'Grill').getByText('2 waiting').waitFor();
    await board(page, 'Pass').getByText('Table 11').waitFor();
    expect(await places()).toEqual(before);
    await page.getByRole('button', { name: 'Void the order of table 11' }).click();
    await page.getByRole('button', { name: 'it took too long' }).click();
    await table(page, '11').getByText('An order was voided.').waitFor();
    expect(await places()).toEqual(before);
  });

  test('stops what is in work when an order is voided', async () => {
    const page = await windows.visit();
    await order(kitchen, '2', [{ dish: 'trout', course: 1 }]);
    const trout = board(page, 'Grill').getByText('Table 2');
    await trout.waitFor();
    await page.getByRole('button', { name: 'Void the order of table 2' }).click();
    await page.getByRole('button', { name: 'it took too long' }).click();
    await trout.waitFor({ state: 'detached' });
    await bell(page, 'Grill stops', 'Table 2: Grilled trout').waitFor();
    await table(page, '2').getByText('An order was voided.').waitFor();
  });

  test('eighty-sixes a dish: it cannot be ordered, and who waits for it is told', async () => {
    const items = [
      { dish: 'sorbet', course: 1 },
      { dish: 'risotto', course: 2 },
    ];
    const page = await windows.visit();
    const onMenu = page.getByRole('switch', { name: 'Pea risotto can be had' });
    await onMenu.waitFor();
    await order(kitchen, '3', items);
    await onMenu.click();
    await table(page, '3').getByText('sold out: Pea risotto').waitFor();
    await bell(page, 'Guests told', 'Table 3: no Pea risotto').waitFor();

    await page.getByRole('button', { name: 'Seat guests at table 4' }).click();
    await page.getByRole('button', { name: 'Take an order at table 4' }).click();
    const more = page.getByRole('button', { name: 'One more Pea risotto' });
    await expect.poll(() => more.isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await onMenu.click();
    await bell(page, 'Back on the menu', 'Pea risotto').waitFor();
  });

  test('lets staff come and go, and shows who listens to what', async () => {
    const page = await windows.visit('#/listeners');
    const hears = page.getByRole('img', { name: 'Bookkeeper hears Table cleared!' });
    await page.getByRole('img', { name: 'Pass hears Grill: done' }).waitFor();
    await page.getByRole('img', { name: 'Pass rings Order ready!' }).waitFor();
    await page.getByRole('img', { name: 'Bookkeeper is off duty and would hear Table cleared!' }).waitFor();

    await page.getByRole('switch', { name: 'Bookkeeper is on duty' }).click();
    await hears.waitFor();
    // The bookkeeper wants to hear everything from the beginning: table 1 was cleared before.
    await page.getByText('Table 1: 2 plates. Noted.').waitFor();
    await page.getByRole('switch', { name: 'Bookkeeper is on duty' }).click();
    await hears.waitFor({ state: 'detached' });
  });

  test('says that nobody came when there is no listener of that name, and what a name looks like', async () => {
    const page = await windows.visit('#/listeners');
    const name = page.getByRole('textbox', { name: 'Name' });
    expect(await page.getByRole('button', { name: 'Put on duty' }).isDisabled()).toBe(true);
    await name.fill('Nobody At All');
    await page.getByRole('button', { name: 'Put on duty' }).click();
    await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true');
    expect(windows.complaints.splice(0)).toEqual([
      expect.stringContaining('the server responded with a status of 400'),
    ]);
    await name.fill('nobody');
    await page.keyboard.press('Enter');
    const refusal = page.getByRole('alert');
    await refusal.getByText('nobody did not come: there is no listener of that name.').waitFor();
    await refusal.getByText('examples/kitchen/src/listeners/nobody.ts').waitFor();
    await name.fill('bookkeeper');
    await refusal.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('bookkeeper is on duty.').waitFor();
  });

  test('lets simulated guests come and go', async () => {
    const page = await windows.visit();
    await page.getByText('Rush', { exact: true }).click();
    await bell(page, 'New order!', /^Table \d+: \d+ dish/)
      .first()
      .waitFor();
    await board(page, 'Grill')
      .getByText(/waiting$/)
      .waitFor({ timeout: 60_000 });
    await page.getByText('None', { exact: true }).click();
    await expect.poll(async () => (await kitchen.client.query('Bells', {})).result.guestsPerMinute).toBe(0);
  });

  test('is silent until somebody wants to hear the bells', async () => {
    const page = await windows.visit();
    const sound = page.getByRole('button', { name: 'Hear the bells' });
    expect(await sound.getAttribute('aria-pressed')).toBe('false');
    await sound.click();
    await expect.poll(() => sound.getAttribute('aria-pressed')).toBe('true');
    await sound.click();
    await expect.poll(() => sound.getAttribute('aria-pressed')).toBe('false');
  });

  test.each(['#/', '#/listeners', '#/nowhere'])('fits a phone: %s', (place) => expectToFitPhone(windows, place));

  test('says that the kitchen does not answer, and goes on by itself when it does', async () => {
    const page = await windows.visit();
    await board(page, 'Grill').waitFor();
    await kitchen.kill();
    await page.getByText('The kitchen does not answer').waitFor();
    await kitchen.start();
    await page.getByText('The kitchen does not answer').waitFor({ state: 'detached', timeout: 30_000 });
    await kitchen.client.execute('EightySix', { dish: 'tart' });
    await bell(page, 'Sold out (86)', 'No more Plum tart').waitFor();
    // The browser itself reports each connection that failed.
    windows.complaints.splice(0);
  });
});

/** Seats guests and takes their order, without a page. */
async function order(
  { client }: RunningExample<typeof application>,
  table: string,
  items: readonly { dish: string; course: number }[],
): Promise<void> {
  await client.execute('SeatTable', { table, guests: 2 });
  const result = await client.execute('TakeOrder', { ticketId: `test-${table}`, table, items: [...items] });
  expect(result).not.toHaveProperty('rejected');
}

function board(page: Page, title: string): Locator {
  return page.getByRole('region', { name: title, exact: true });
}

function table(page: Page, number: string): Locator {
  return page.getByRole('listitem', { name: `Table ${number}`, exact: true });
}

/** A bell in the ticker, by its name and what it says. */
function bell(page: Page, name: string, says: string | RegExp): Locator {
  const bells = page.getByRole('list', { name: 'Bells that rang' }).getByRole('listitem');
  return bells.filter({ has: page.getByText(name, { exact: true }) }).filter({ has: page.getByText(says) });
}
