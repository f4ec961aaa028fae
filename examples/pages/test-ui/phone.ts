import { expect } from 'vitest';
import type { Windows } from './windows.js';

/** A window as on a phone: for `visit`. */
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Expects that all of a place can be seen on a phone without scrolling sideways. */
export async function expectToFitPhone(windows: Windows, place: string): Promise<void> {
  const page = await windows.visit(place, phone);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('load');
  await expect.poll(() => page.locator('[class*=Skeleton]').count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.viewport.width);
}
