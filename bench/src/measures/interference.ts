import autocannon from 'autocannon';
import { deposit } from '../account.js';
import { type Measure, percentile } from '../measure.js';
import { startServer } from '../servers.js';

/** Commands' p99 while readers saturate queries from another process. */
export const interference: Measure = {
  id: 'interference',
  title: "commands' p99 while queries are saturated",
  unit: 'ms',
  goals: [{ of: 'alone', atMost: 1.5 }],
  async run(bench) {
    const server = await startServer(bench.folder());
    const commands = async (): Promise<number> => {
      const durations: number[] = [];
      for (let index = 0; index < 1_500; index++) {
        const begun = performance.now();
        const response = await fetch(`${server.url}/bank/commands/Deposit`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(deposit(`a${index}`, index)),
        });
        await response.text();
        durations.push(performance.now() - begun);
      }
      return percentile(durations.slice(200), 0.99);
    };
    const alone = await commands();
    // Readers in threads of their own, so that they do not hold up the one that measures.
    const readers = autocannon(
      { url: `${server.url}/bank/queries/Balance?account=a1`, connections: 16, duration: 3_600, workers: 1 },
      () => undefined,
    );
    const value = await commands();
    (readers as unknown as { stop(): void }).stop();
    await server.stop();
    return { value, ratios: { alone: value / alone } };
  },
};
