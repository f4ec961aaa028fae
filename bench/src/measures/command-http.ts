import autocannon from 'autocannon';
import { deposit } from '../account.js';
import type { Measure } from '../measure.js';
import { startServer } from '../servers.js';

/** Commands over HTTP, from a second process to a third, against an echo of the same body on the same framework. */
export const commandHttp: Measure = {
  id: 'command-http',
  title: 'commands over HTTP, 256 connections',
  unit: 'requests/s',
  goals: [{ of: 'echo on the same framework', atLeast: 0.4 }],
  async run(bench) {
    const server = await startServer(bench.folder());
    let next = 0;
    const load = async (path: string) => {
      const result = await autocannon({
        url: `${server.url}${path}`,
        connections: 256,
        duration: 5,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        setupClient: (client) => client.setBody(JSON.stringify(deposit(`a${next++}`, next))),
      });
      if (result.non2xx + result.errors > 0)
        throw new Error(`${result.non2xx} answers were none, ${result.errors} failed.`);
      return result.requests.average;
    };
    await load('/echo');
    const echo = await load('/echo');
    const value = await load('/bank/commands/Deposit');
    await server.stop();
    return { value, ratios: { 'echo on the same framework': value / echo } };
  },
};
