import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { giveWay } from './give-way.js';
import { serveThread } from './thread.js';

// A thread to be called: it says what it is told, fails, gives way, and ends.
serveThread({
  echo: (said: unknown) => said,
  fail: () => {
    throw new Error('no');
  },
  giveWay: () => {
    giveWay();
    return niceness();
  },
  end: () => process.exit(0),
});

/** Of this thread where threads have one: the 19th field, of which the second is a name in parentheses. */
function niceness(): number {
  if (process.platform !== 'linux') return getPriority();
  const fields = readFileSync('/proc/thread-self/stat', 'utf8').split(') ')[1] as string;
  return Number(fields.split(' ')[16]);
}
