import { requires } from '../../../scripts/requires.js';

/** The browser of the page tests: hand `chromium.options` to their `describe`. */
export const chromium = requires('chromium');
