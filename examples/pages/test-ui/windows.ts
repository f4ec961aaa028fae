import { type Browser, type BrowserContextOptions, chromium as driver, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { chromium } from './chromium.js';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Windows of a real Chromium, each of a visitor of its own, and what they had to complain about. */
export interface Windows {
  /** Errors and warnings of every page since the test began. It must have taken out what it expects. */
  readonly complaints: string[];
  /** Opens a place of the page, `#/desk`, as on a desk or with other options. */
  readonly visit: (place?: string, options?: BrowserContextOptions) => Promise<Page>;
}

/**
 * Windows for the tests of a `describe`, which calls this once. Its tests share a browser; after each of them its windows are
 * closed, and the test fails when a page had something to complain about.
 *
 * @param url where the page is, asked when a window is opened
 */
export function openWindows(url: () => string): Windows {
  const complaints: string[] = [];
  let browser: Browser | undefined;

  beforeAll(async () => {
    browser = await driver.launch({ executablePath: chromium.path, args: flags });
  });

  afterEach(async () => {
    const complained = complaints.splice(0);
    await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
    expect(complained).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
  });

  return {
    complaints,
    visit: async (place = '', options = {}) => {
      const context = await browser!.newContext({ viewport: { width: 1280, height: 860 }, ...options });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(url() + place);
      return page;
    },
  };
}
