/**
 * What the tests of the examples' pages share: a real Chromium, and an example to look at.
 *
 * @packageDocumentation
 */
export { accepted } from './accepted.js';
export { chromium } from './chromium.js';
export { isFocused, tabTo } from './focus.js';
export { expectToFitPhone, phone } from './phone.js';
export { refused } from './refused.js';
export { type RunningExample, runExample } from './running-example.js';
export { openWindows, type Windows } from './windows.js';
