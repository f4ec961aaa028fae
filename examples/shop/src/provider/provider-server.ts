// The simulated payment provider as a service of its own, as it would be outside: several processes of the shop share it, and its book
// is none of theirs. `node dist/provider/provider-server.js --help` says how it is started.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { fileBook } from './book.js';
import { planByCustomer, seededPlan } from './plan.js';
import { serveProvider } from './serve-provider.js';
import { SimulatedProvider } from './simulated-provider.js';

const help = `Serves the simulated payment provider on this machine.

  --book <file>   its book: a line of JSON for each charge and refund (default: payment-provider.jsonl)
  --port <port>   the port to listen on, 0 for any that is free (default: 8090)
  --latency <ms>  how long a call takes (default: 300)
  --seed <n>      some calls are declined, late or lost: which ones follows from this number (default: the customer decides)

Point the shop to it: PAYMENT_PROVIDER_URL=http://127.0.0.1:8090
`;

/** What goes wrong when a seed says so. */
const mishaps = { declined: 0.1, late: 0.1, lost: 0.1, lateMs: 3_000 };

try {
  await run();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      book: { type: 'string', default: 'payment-provider.jsonl' },
      port: { type: 'string', default: '8090' },
      latency: { type: 'string', default: '300' },
      seed: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const provider = new SimulatedProvider({
    book: fileBook(values.book),
    plan: values.seed === undefined ? planByCustomer : seededPlan(wholeNumber('seed', values.seed), mishaps),
    latencyMs: wholeNumber('latency', values.latency),
  });
  const served = await serveProvider(provider, { port: wholeNumber('port', values.port) });
  const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  process.stdout.write(`The payment provider is at ${served.url}, its book is ${values.book}. Ctrl-C stops it.\n`);
  await asked;
  await served.close();
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Error(`--${option} is a whole number from 0, not "${text}".`);
}
