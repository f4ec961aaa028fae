import {
  accepted,
  chromium,
  expectToFitPhone,
  isFocused,
  openWindows,
  phone,
  refused,
  tabTo,
} from '@carillon-examples/pages/test-ui';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RunningShop, runShop } from './running-shop.js';
import { stock } from './stock.js';

const handBell = { productId: 'hand-bell', quantity: 1 };

describe('the page of the shop', chromium.options, () => {
  let shop: RunningShop;

  beforeAll(async () => {
    shop = await runShop();
    await stock(shop.client);
    await place('together', 'eve', [handBell, { productId: 'bell-rope', quantity: 2 }]);
  });

  afterAll(() => shop?.close());

  const windows = openWindows(() => shop.url);

  afterEach(() => shop?.letBankAnswer());

  const place = (orderId: string, customerId: string, lines = [handBell]) =>
    accepted(shop.client.execute('PlaceOrder', { orderId, customerId, lines }));

  test('finds products while somebody types, with a slip, and opens one', async () => {
    const page = await windows.visit();
    await page.getByRole('searchbox').pressSequentially('ropw', { delay: 20 });
    await page.waitForURL(/#\/\?text=ropw$/);
    expect(await page.getByRole('combobox', { name: 'Sort by' }).inputValue()).toBe('relevance');
    await page.getByRole('status').getByText('2 products', { exact: true }).waitFor();
    expect((await productsOf(page)).sort()).toEqual(['Bell rope, hemp', 'Clock rope, jute']);

    await page.getByRole('link', { name: 'Bell rope, hemp' }).click();
    const heading = page.getByRole('heading', { level: 1, name: 'Bell rope, hemp' });
    await heading.waitFor();
    await expect.poll(() => isFocused(heading)).toBe(true);
    await expect.poll(() => page.title()).toBe('Bell rope, hemp · Shop');
    await page
      .getByRole('region', { name: 'Often bought together' })
      .getByRole('link', { name: 'Hand bell' })
      .waitFor();

    await page.goBack();
    await page.getByRole('status').getByText('2 products', { exact: true }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('ropw');
  });

  test('has a page for each category, and narrows down by price and availability', async () => {
    const page = await windows.visit();
    await page
      .getByRole('navigation', { name: 'Categories' })
      .getByRole('link', { name: /^Bells/ })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Bells' }).waitFor();
    await page.getByRole('status').getByText('2 products', { exact: true }).waitFor();
    expect(page.url()).toContain('#/categories/Bells');

    await page.getByRole('button', { name: '€100 and more' }).click();
    await page.getByRole('status').getByText('1 product', { exact: true }).waitFor();
    expect(await productsOf(page)).toEqual(['Ship bell, bronze']);
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.getByRole('status').getByText('64 products', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Sold out/ }).click();
    await page.getByRole('status').getByText('1 product', { exact: true }).waitFor();
    expect(await productsOf(page)).toEqual(['Clock rope, jute']);
    await page.getByRole('button', { name: 'Remove the filter Sold out' }).click();
    await page.getByRole('status').getByText('64 products', { exact: true }).waitFor();
  });

  test('shows more products, each once, the cheapest first', async () => {
    const page = await windows.visit('#/categories/Buttons');
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Lowest price');
    await page.getByRole('status').getByText('60 products', { exact: true }).waitFor();
    await expect.poll(() => productsOf(page)).toHaveLength(24);
    await page.getByRole('button', { name: 'More products' }).click();
    await page.getByRole('list', { name: 'Products, page 2' }).waitFor();
    await page.getByRole('button', { name: 'More products' }).click();
    await page.getByRole('list', { name: 'Products, page 3' }).waitFor();
    expect(await productsOf(page)).toEqual(Array.from({ length: 60 }, (_, i) => `Button ${i + 1}`));
    expect(await page.getByRole('button', { name: 'More products' }).count()).toBe(0);
  });

  test('buys something, and shows the order move through its stages by itself', async () => {
    const page = await windows.visit('#/products/hand-bell');
    await page.getByRole('button', { name: 'Add to basket' }).click();
    await page.getByRole('status').getByText('Hand bell, brass is in your basket.').waitFor();
    await page.getByRole('link', { name: 'Basket 1 piece' }).click();
    await page.getByRole('textbox', { name: 'Quantity of Hand bell, brass' }).fill('2');
    const order = page.getByRole('region', { name: 'Your order' });
    await order.getByText('€48.00').waitFor();
    // Whoever looks into the basket need not be told what is in it; and soon it will not be.
    expect(await page.getByText('is in your basket').count()).toBe(0);
    await page.getByRole('textbox', { name: 'Customer id' }).fill('ada');

    shop.holdBank();
    await order.getByRole('button', { name: 'Place order' }).click();
    await current(page, 'Set aside').waitFor();
    await page.getByRole('status').getByText('We are waiting for your payment').waitFor();
    shop.letBankAnswer();
    await current(page, 'Paid').waitFor();
    await expect.poll(() => happened(page)).toEqual(['Payment received', 'Everything set aside', 'Order placed']);
    shop.pack();
    await current(page, 'Shipped').waitFor();
    await page.getByText('is on its way to you.').waitFor();
    await page.getByRole('link', { name: 'Hand bell, brass' }).waitFor();

    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'My orders' }).click();
    const orders = page.getByRole('list', { name: 'Orders, the latest first' }).getByRole('listitem');
    await expect.poll(() => orders.count()).toBe(1);
    await orders.getByText('Shipped').waitFor();
    await orders.getByText('€48.00').waitFor();
    await page.getByRole('link', { name: 'Basket', exact: true }).click();
    await page.getByText('Your basket is empty').waitFor();
  });

  test('says why an order is cancelled: no money, or not enough on the shelf', async () => {
    await place('declined', 'ada-declined');
    await place('short', 'bob', [{ productId: 'ship-bell', quantity: 4 }]);
    const page = await windows.visit('#/orders/declined');
    await current(page, 'Cancelled').waitFor();
    await page.getByText('The payment was declined: insufficient funds', { exact: true }).first().waitFor();
    const short = await windows.visit('#/orders/short');
    await current(short, 'Cancelled').waitFor();
    await short.getByText('Out of stock: Ship bell, bronze (4 ordered, 3 left)', { exact: true }).first().waitFor();
    expect(await short.getByRole('button', { name: 'Cancel the order' }).count()).toBe(0);
  });

  test('cancels a paid order, and shows that the money is back', async () => {
    await place('regretted', 'carl');
    const page = await windows.visit('#/orders/regretted');
    await current(page, 'Paid').waitFor();
    await page.getByRole('button', { name: 'Cancel the order' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel the order' });
    await dialog.getByRole('textbox').fill('Too loud');
    await dialog.getByRole('button', { name: 'Cancel it' }).click();
    await current(page, 'Refunded').waitFor();
    await page.getByText('Too loud', { exact: true }).first().waitFor();
    await page.getByText('Money given back').waitFor();
  });

  test('gives the money back for what was shipped', async () => {
    await place('returned', 'dora');
    const page = await windows.visit('#/orders/returned');
    await current(page, 'Paid').waitFor();
    shop.pack();
    await current(page, 'Shipped').waitFor();
    await page.getByRole('button', { name: 'Ask for a refund' }).click();
    await page.getByRole('button', { name: 'Ask for it' }).click();
    await current(page, 'Refunded').waitFor();
    expect(await page.getByRole('button', { name: 'Ask for a refund' }).count()).toBe(0);
  });

  test('changes prices and stock in front when the counter changes them', async () => {
    const front = await windows.visit('#/products/clock-rope');
    await front.getByText('€7.00').waitFor();
    expect(await front.getByRole('button', { name: 'Sold out' }).isDisabled()).toBe(true);
    const counter = await windows.visit('#/counter');
    await counter.getByRole('region', { name: 'Sold out' }).getByRole('link', { name: 'Clock rope, jute' }).click();
    const shelf = counter.getByRole('region', { name: 'Clock rope, jute' });
    await shelf.getByRole('textbox', { name: 'Pieces that came in' }).fill('7');
    await shelf.getByRole('button', { name: 'Receive' }).click();
    await front.getByText('Some in stock').waitFor();
    await shelf.getByRole('textbox', { name: 'Price, in EUR' }).fill('6.50');
    await shelf.getByRole('button', { name: 'Change price' }).click();
    await front.getByText('€6.50').waitFor();
    await front.getByRole('button', { name: 'Add to basket' }).click();

    await place('ropes', 'eve', [{ productId: 'clock-rope', quantity: 3 }]);
    await front.getByText('Only a few left').waitFor();
    // Each window hears of it in its own time.
    await expect.poll(() => figure(shelf, 'On hand')).toBe('4');
    expect(await figure(shelf, 'Set aside')).toBe('3');
  });

  test('adds a product, and says why not in the words of the domain', async () => {
    const page = await windows.visit('#/counter');
    const card = page.getByRole('region', { name: 'Add a product' });
    await card.getByRole('textbox', { name: 'Name' }).fill('Bell rope, hemp');
    await card.getByRole('combobox', { name: 'Category' }).fill('Ropes');
    await card.getByRole('textbox', { name: 'Price, in EUR' }).fill('9.50');
    await card.getByRole('textbox', { name: 'Product id' }).fill('bell-rope');
    await card.getByRole('button', { name: 'Add product' }).click();
    await card.getByRole('alert').getByText('There is a product with that id already').waitFor();
    await card.getByRole('textbox', { name: 'Product id' }).fill('');
    await card.getByRole('button', { name: 'Add product' }).click();
    const id = card.getByRole('textbox', { name: 'Product id' });
    await expect.poll(() => id.getAttribute('aria-invalid')).toBe('true');
    await card.getByText('Give it an id', { exact: true }).waitFor();
    await id.fill('bell-rope-2');
    await card.getByRole('button', { name: 'Add product' }).click();
    await page.getByRole('region', { name: 'Bell rope, hemp' }).getByText('Ropes · bell-rope-2').waitFor();
    expect(windows.complaints.splice(0)).toEqual([refused(422), refused(400)]);
  });

  test('draws the sales of each day, and adds what is sold meanwhile', async () => {
    await place('before', 'fay', [{ productId: 'button-0', quantity: 1 }]);
    // What is paid later, of this order or of those of other tests, would count as sold meanwhile.
    await shop.idle();
    const page = await windows.visit('#/counter/sales');
    const sales = page.getByRole('region', { name: 'Sales in EUR', exact: true });
    await sales.locator('.recharts-bar-rectangle').first().waitFor();
    const total = sales.getByRole('cell').nth(1);
    expect(await sales.locator('figcaption').textContent()).toBe('Sold:Not given backGiven back');
    const soldBefore = cents(await total.textContent());
    await place('after', 'fay', [{ productId: 'button-9', quantity: 10 }]);
    await expect.poll(async () => cents(await total.textContent()) - soldBefore).toBe(1_900);
  });

  test('orders with the keyboard alone', async () => {
    const page = await windows.visit();
    await tabTo(page, page.getByRole('searchbox'));
    await page.keyboard.type('hand bell');
    await page.getByRole('status').getByText('1 product', { exact: true }).waitFor();
    await tabTo(page, page.getByRole('link', { name: 'Hand bell, brass' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Hand bell, brass' }).waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Add to basket' }));
    await page.keyboard.press('Enter');
    const basket = page.getByRole('link', { name: 'Basket 1 piece' });
    await basket.waitFor();
    await basket.focus();
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: 'Place order' }));
    await page.keyboard.press('Enter');
    await current(page, 'Paid').waitFor();
  });

  test.each([
    '#/',
    '#/?text=bell',
    '#/categories/Buttons',
    '#/products/hand-bell',
    '#/basket',
    '#/orders',
    '#/orders/together',
    '#/counter/stock/hand-bell',
    '#/counter/sales',
    '#/counter/customers',
  ])('fits a phone: %s', (place) => expectToFitPhone(windows, place));

  test('opens its filters as a sheet on a phone', async () => {
    const page = await windows.visit('#/?text=bell', phone);
    await page.getByRole('button', { name: 'Filters' }).tap();
    const sheet = page.getByRole('dialog', { name: 'Filters' });
    await sheet.getByRole('button', { name: '€100 and more' }).tap();
    await sheet.getByRole('button', { name: 'Show 1 product' }).tap();
    await page.getByRole('status').getByText('1 product', { exact: true }).waitFor();
    expect(await productsOf(page)).toEqual(['Ship bell, bronze']);
  });

  test('says that the shop does not answer, and goes on by itself when it does', async () => {
    await place('waiting', 'gus');
    const page = await windows.visit('#/orders/waiting');
    await current(page, 'Paid').waitFor();
    await shop.hangUp();
    await page.getByText('The shop does not answer').waitFor();
    shop.pack();
    await shop.serve();
    await page.getByText('The shop does not answer').waitFor({ state: 'detached', timeout: 30_000 });
    await current(page, 'Shipped').waitFor();
    // The browser itself reports each connection that failed.
    windows.complaints.splice(0);
  });

  test('lets simulated customers in and sends them home', async () => {
    const page = await windows.visit('#/counter/customers');
    await page.getByText('Nobody is shopping.').waitFor();
    const paid = page.getByRole('main').locator('dl > div', { hasText: 'Paid' }).locator('dd');
    const paidBefore = cents(await paid.textContent());
    await page.getByText('300', { exact: true }).click();
    await page.getByText('About 300 orders a minute.').waitFor();
    await expect.poll(async () => cents(await paid.textContent())).toBeGreaterThan(paidBefore + 3);
    await page.getByRole('link', { name: /^sim-/ }).first().waitFor();
    await page.getByText('Off', { exact: true }).click();
    await page.getByText('Nobody is shopping.').waitFor();
    const { result } = await shop.client.query('SimulatedCustomers', {});
    expect(result).toEqual({ ordersPerMinute: 0 });
  });
});

/** The products that are shown, in order. */
function productsOf(page: Page): Promise<string[]> {
  return page.locator('ol[aria-label^="Products"] a').allTextContents();
}

/** The step of an order at which it is. */
function current(page: Page, name: string): Locator {
  return page
    .getByRole('list', { name: 'How far the order has got' })
    .locator('[aria-current="step"]')
    .getByText(name, { exact: true });
}

/** What has happened to an order, the latest first. */
function happened(page: Page): Promise<string[]> {
  return page.getByRole('region', { name: 'What has happened' }).locator('li p:first-child').allTextContents();
}

/** A figure of a product, by its name. */
async function figure(shelf: Locator, name: string): Promise<string | null> {
  return shelf.locator('dl > div', { hasText: name }).locator('dd').textContent();
}

/** The digits of a text, as a number: `€12.90` is 1290. */
function cents(text: string | null): number {
  return Number(text?.replace(/\D/g, ''));
}
