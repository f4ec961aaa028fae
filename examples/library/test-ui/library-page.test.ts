import {
  chromium,
  expectToFitPhone,
  isFocused,
  openWindows,
  phone,
  type RunningExample,
  refused,
  runExample,
  tabTo,
} from '@carillon-examples/pages/test-ui';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { library as application } from '../src/library.js';
import { stock, wordy } from './stock.js';

describe('the page of the library', chromium.options, () => {
  let library: RunningExample<typeof application>;

  beforeAll(async () => {
    library = await runExample<typeof application>('library');
    await stock(library.client);
  });

  afterAll(() => library?.close());

  const windows = openWindows(() => library.url);

  test('finds titles while somebody types, and opens a book', async () => {
    const page = await windows.visit();
    await page.getByRole('searchbox').pressSequentially('bellring', { delay: 20 });
    await page.waitForURL(/#\/\?text=bellring$/);
    expect(await page.getByRole('combobox', { name: 'Sort by' }).inputValue()).toBe('relevance');
    await page.getByRole('status').getByText('2 titles', { exact: true }).waitFor();
    expect(await titlesOf(page)).toEqual(expect.arrayContaining(['The Bellringer of Ghent', 'Bellringing at Night']));

    await page.getByRole('link', { name: 'The Bellringer of Ghent' }).click();
    const heading = page.getByRole('heading', { level: 1, name: 'The Bellringer of Ghent' });
    await heading.waitFor();
    await expect.poll(() => isFocused(heading)).toBe(true);
    await expect.poll(() => page.title()).toBe('The Bellringer of Ghent · Library');

    await page.goBack();
    await page.getByRole('status').getByText('2 titles', { exact: true }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('bellring');
  });

  test('narrows down by author, year and availability', async () => {
    const page = await windows.visit('#/?text=bellring');
    await page.getByRole('button', { name: 'Joost Klok' }).click();
    await page.getByRole('status').getByText('1 title', { exact: true }).waitFor();
    expect(await titlesOf(page)).toEqual(['Bellringing at Night']);

    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.getByRole('status').getByText('2 titles', { exact: true }).waitFor();
    await page.getByRole('textbox', { name: 'From year' }).fill('1950');
    await page.getByRole('status').getByText('1 title', { exact: true }).waitFor();
    expect(await titlesOf(page)).toEqual(['Bellringing at Night']);

    await page.getByRole('button', { name: 'Remove the filter From 1950' }).click();
    await page.getByRole('status').getByText('2 titles', { exact: true }).waitFor();
    await page.getByRole('switch', { name: 'Available now' }).click();
    await page.getByRole('status').getByText('1 title', { exact: true }).waitFor();
    expect(await titlesOf(page)).toEqual(['The Bellringer of Ghent']);
  });

  test('shows more titles, each once', async () => {
    const page = await windows.visit('#/?author=Pagina%20Prolific&sort=year');
    await page.getByRole('status').getByText('60 titles', { exact: true }).waitFor();
    expect(await titlesOf(page)).toHaveLength(24);
    await page.getByRole('button', { name: 'More titles' }).click();
    await page.getByRole('list', { name: 'Titles, page 2' }).waitFor();
    await page.getByRole('button', { name: 'More titles' }).click();
    await page.getByRole('list', { name: 'Titles, page 3' }).waitFor();
    expect(new Set(await titlesOf(page)).size).toBe(60);
    expect(await page.getByRole('button', { name: 'More titles' }).count()).toBe(0);
  });

  test('is where it was after going back', async () => {
    const page = await windows.visit('#/?author=Pagina%20Prolific&sort=year');
    await page.getByRole('button', { name: 'More titles' }).click();
    const last = page.getByRole('list', { name: 'Titles, page 2' }).getByRole('link').last();
    await last.scrollIntoViewIfNeeded();
    const scrolled = await page.evaluate(() => window.scrollY);
    expect(scrolled).toBeGreaterThan(1_000);
    await last.click();
    await page.getByRole('heading', { level: 2, name: 'Copies' }).waitFor();
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
    await page.goBack();
    await last.waitFor();
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(scrolled);
  });

  test('changes availability by itself when the desk in another window lends and takes back', async () => {
    const catalogue = await windows.visit('#/?text=ghent');
    const book = await windows.visit('#/titles/bellringer');
    const desk = await windows.visit('#/desk/members/tessa');
    const inCatalogue = row(catalogue, 'The Bellringer of Ghent').getByText('2 of 2 available');
    await inCatalogue.waitFor();
    await book.getByText('2 of 2 available').waitFor();

    await desk.getByRole('textbox', { name: 'Lend a copy' }).fill('bellringer-1');
    await desk.getByRole('button', { name: 'Lend', exact: true }).click();
    await desk.getByRole('status').getByText('bellringer-1 is lent to Tessa Toll.').waitFor();
    await desk
      .getByRole('region', { name: 'On loan' })
      .getByRole('link', { name: 'The Bellringer of Ghent' })
      .waitFor();
    await row(catalogue, 'The Bellringer of Ghent').getByText('1 of 2 available').waitFor();
    await book.getByText('1 of 2 available').waitFor();
    await book.getByText(/^On loan until /).waitFor();

    await desk.getByRole('button', { name: 'Return The Bellringer of Ghent' }).click();
    await inCatalogue.waitFor();
    await book.getByText('2 of 2 available').waitFor();
    await desk.getByText('Nothing is on loan.').waitFor();
  });

  test('says why a command is refused, in the words of the domain', async () => {
    const desk = await windows.visit('#/desk/members/tessa');
    await desk.getByRole('textbox', { name: 'Lend a copy' }).fill('night-1');
    await desk.keyboard.press('Enter');
    await desk.getByRole('alert').getByText('The copy is on loan').waitFor();

    await desk.getByRole('textbox', { name: 'Copy that came back' }).fill('bellringer-2');
    await desk.keyboard.press('Enter');
    await desk.getByRole('alert').getByText('The copy is not on loan').waitFor();
    expect(windows.complaints.splice(0)).toEqual([refused(422), refused(422)]);
  });

  test('shows what is wrong with a field at that field', async () => {
    const desk = await windows.visit('#/desk');
    await desk.getByRole('button', { name: 'New member' }).click();
    const dialog = desk.getByRole('dialog', { name: 'Register a member' });
    await dialog.getByRole('textbox', { name: 'Member id' }).fill('nameless');
    await dialog.getByRole('button', { name: 'Register' }).click();
    const name = dialog.getByRole('textbox', { name: 'Name' });
    await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true');
    expect(await dialog.getByRole('textbox', { name: 'Member id' }).getAttribute('aria-invalid')).not.toBe('true');
    await dialog.getByText('Say what the member is called', { exact: true }).waitFor();
    expect(windows.complaints.splice(0)).toEqual([refused(400)]);
  });

  test('lends no copy that nobody named, and keeps the button beside its field when that is wrong', async () => {
    const desk = await windows.visit('#/desk/members/tessa');
    const lend = desk.getByRole('button', { name: 'Lend', exact: true });
    const copy = desk.getByRole('textbox', { name: 'Lend a copy' });
    await copy.fill(' ');
    expect(await lend.isDisabled()).toBe(true);
    await copy.fill('x'.repeat(101));
    await lend.click();
    await desk.getByText('Use at most 100 characters', { exact: true }).waitFor();
    const [field, button] = await Promise.all([copy.boundingBox(), lend.boundingBox()]);
    expect(button!.y).toBe(field!.y);
    expect(windows.complaints.splice(0)).toEqual([refused(400)]);
  });

  test.each([
    ['on a desk', {}],
    ['on a phone', phone],
  ])('breaks no word on a cover %s, whatever its letters are', async (_, options) => {
    const page = await windows.visit('#/?author=Pauline%20Platt', options);
    await page.getByRole('status').getByText('5 titles', { exact: true }).waitFor();
    for (const { id, title } of wordy) {
      await page.goto(`${library.url}#/titles/${id}`);
      // The catalogue, from where we come, shows the same cover.
      await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
      const words = page.locator('[data-pattern]').getByText(title, { exact: true });
      expect(await words.evaluate(brokenWords), title).toEqual([]);
    }
  });

  test('registers a member and lends to them, with the keyboard alone', async () => {
    const desk = await windows.visit('#/desk');
    await tabTo(desk, desk.getByRole('button', { name: 'New member' }));
    await desk.keyboard.press('Enter');
    await expect.poll(() => isFocused(desk.getByRole('textbox', { name: 'Name' }))).toBe(true);
    await desk.keyboard.type('Wilhelmina Wren');
    await desk.keyboard.press('Enter');
    await desk.getByRole('region', { name: 'Wilhelmina Wren' }).waitFor();

    const copy = desk.getByRole('textbox', { name: 'Lend a copy' });
    await expect.poll(() => isFocused(copy)).toBe(true);
    await desk.keyboard.type('tower-1');
    await desk.keyboard.press('Enter');
    await desk.getByRole('button', { name: 'Renew The Quiet Tower' }).waitFor();
    expect(await isFocused(copy)).toBe(true);
  });

  test('leads to members whose id nobody knows by heart', async () => {
    const desk = await windows.visit('#/desk');
    await desk.getByRole('navigation', { name: 'For example' }).getByRole('link', { name: 'ada' }).waitFor();
    const id = desk.getByRole('textbox', { name: 'Member id' });
    await id.fill('toll');
    await desk.getByRole('navigation', { name: 'Found' }).getByRole('link', { name: 'tessa' }).click();
    await desk.getByRole('region', { name: 'Tessa Toll' }).waitFor();

    await id.fill('tes');
    await desk.keyboard.press('Enter');
    await desk.getByText('Nobody has the member id tes').waitFor();
    await desk.getByRole('navigation', { name: 'Did you mean' }).getByRole('link', { name: 'tessa' }).waitFor();
    await desk.getByRole('button', { name: 'Register a member with this id' }).click();
    const dialog = desk.getByRole('dialog', { name: 'Register a member' });
    expect(await dialog.getByRole('textbox', { name: 'Member id' }).inputValue()).toBe('tes');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Tesla Tin');
    await desk.keyboard.press('Enter');
    await desk.getByRole('region', { name: 'Tesla Tin' }).waitFor();
  });

  test('reserves a title that is out, and cancels', async () => {
    const book = await windows.visit('#/titles/night');
    await book.getByText('None available').waitFor();
    await book.getByRole('link', { name: 'Reserve at the desk' }).click();
    await book.getByRole('textbox', { name: 'Member id' }).fill('ulrich');
    await book.keyboard.press('Enter');
    await expect
      .poll(() => book.getByRole('combobox', { name: 'Reserve a title' }).inputValue())
      .toBe('Bellringing at Night');

    const watched = await windows.visit('#/titles/night');
    await book.getByRole('button', { name: 'Reserve', exact: true }).click();
    await book.getByText('Next in the queue').waitFor();
    await watched.getByText('1 reader waits').waitFor();
    await book.getByRole('button', { name: 'Cancel the reservation of Bellringing at Night' }).click();
    await book.getByText('Nothing is reserved.').waitFor();
    await watched.getByText('1 reader waits').waitFor({ state: 'detached' });
  });

  test('adds a title and a copy, and removes the copy', async () => {
    const desk = await windows.visit('#/desk/collection');
    const title = desk.getByRole('region', { name: 'Add a title' });
    await title.getByRole('textbox', { name: 'Title', exact: true }).fill('Clappers and Clocks');
    await title.getByRole('combobox', { name: 'Authors' }).fill('Cleo Clapper');
    await title.getByRole('button', { name: 'Add title' }).click();
    await title.getByRole('link', { name: 'add a copy of it' }).click();

    const copy = desk.getByRole('region', { name: 'Add a copy' });
    await expect.poll(() => copy.getByRole('textbox', { name: 'Copy id' }).inputValue()).toBe('clappers-and-clocks-1');
    await copy.getByRole('button', { name: 'Add copy' }).click();
    const book = await windows.visit('#/titles/clappers-and-clocks');
    await book.getByText('1 of 1 available').waitFor();

    const removal = desk.getByRole('region', { name: 'Remove a copy' });
    await removal.getByRole('textbox', { name: 'Copy that goes' }).fill('clappers-and-clocks-1');
    await removal.getByRole('button', { name: 'Remove' }).click();
    await book.getByText('No copies').waitFor();
  });

  test.each([
    '#/',
    '#/?text=bellring',
    '#/titles/bellringer',
    '#/desk',
    '#/desk/members/ulrich',
    '#/desk/collection',
    '#/desk/overdue',
  ])('fits a phone: %s', (place) => expectToFitPhone(windows, place));

  test('opens its filters as a sheet on a phone', async () => {
    const page = await windows.visit('#/?text=bellring', phone);
    await page.getByRole('button', { name: 'Filters' }).tap();
    const sheet = page.getByRole('dialog', { name: 'Filters' });
    await sheet.getByRole('button', { name: 'Joost Klok' }).tap();
    await sheet.getByRole('button', { name: 'Show 1 title' }).tap();
    await page.getByRole('status').getByText('1 title', { exact: true }).waitFor();
    expect(await titlesOf(page)).toEqual(['Bellringing at Night']);
  });

  test('says that the library does not answer, and goes on by itself when it does', async () => {
    const page = await windows.visit('#/titles/bellringer');
    await page.getByText('2 of 2 available').waitFor();
    await library.kill();
    await page.getByText('The library does not answer').waitFor();
    await library.start();
    await page.getByText('The library does not answer').waitFor({ state: 'detached', timeout: 30_000 });
    await library.client.execute('BorrowCopy', { copyId: 'bellringer-1', memberId: 'ulrich' });
    await page.getByText('1 of 2 available').waitFor();
    // The browser itself reports each connection that failed.
    windows.complaints.splice(0);
  });
});

/** The words of an element that stand on more than one line. */
function brokenWords({ firstChild: text }: Element): string[] {
  const range = document.createRange();
  return [...text!.nodeValue!.matchAll(/\S+/g)].flatMap(({ 0: word, index }) => {
    range.setStart(text!, index);
    range.setEnd(text!, index + word.length);
    return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1 ? [word] : [];
  });
}

/** The titles that are shown, in order. */
function titlesOf(page: Page): Promise<string[]> {
  return page.locator('ol[aria-label^="Titles"] a').allTextContents();
}

/** The row of a title in the catalogue. */
function row(page: Page, title: string): Locator {
  return page.getByRole('listitem').filter({ has: page.getByRole('link', { name: title }) });
}
