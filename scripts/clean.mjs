// `npm run clean`: removes everything that is built, and the stamps that say it is fresh. Data folders stay.
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
for (const group of ['packages', 'examples']) {
  for (const name of readdirSync(join(root, group))) {
    for (const built of ['dist', 'dist-ui']) rmSync(join(root, group, name, built), { recursive: true, force: true });
  }
}
rmSync(join(root, 'node_modules', '.cache', 'carillon'), { recursive: true, force: true });
