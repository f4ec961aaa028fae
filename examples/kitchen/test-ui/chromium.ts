import { existsSync } from 'node:fs';

const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is; undefined when there is none. `CHROMIUM` in the environment names another place. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

/** What to say of tests that are skipped without it. */
export const withoutChromium =
  'skipped, there is no Chromium here: apt-get install -y chromium, or set CHROMIUM to its path';
