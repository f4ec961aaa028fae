import { deposit } from '../account.js';
import { type Measure, percentile } from '../measure.js';
import { startReaders, startServer } from '../servers.js';

/** Commands' p99 while readers saturate queries from another process. */
export const interference: Measure = {
  id: 'interference',
  title: "commands' p99 while queries are saturated",
  unit: 'ms',
  goals: [{ of: 'alone', atMost: 1.5 }],
  async run(bench) {
    const server = await startServer(bench.folder());
    let sent = 0;
    const commands = async (): Promise<number> => {
      const durations: number[] = [];
      for (let index = 0; index < 4_000; index++) {
        const begun = performance.now();
        const response = await fetch(`${server.url}/bank/commands/Deposit`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(deposit(`a${sent++}`, index)),
        });
        await response.text();
        durations.push(performance.now() - begun);
      }
      return percentile(durations.slice(1_000), 0.99);
    };
    await commands();
    const alone = await commands();
    const readers = await startReaders(`${server.url}/bank/queries/Balance?account=a1`);
    const value = await commands();
    await readers.stop();
    await server.stop();
    return { value, ratios: { alone: value / alone } };
  },
};
