import { serve } from 'carillon/http';
import { start } from 'carillon/runtime';
import bank from './account.js';

/** The server of the HTTP measures: Carillon's own, with an echo of what is posted to /echo. */
const running = await start(bank, { folder: process.argv[2]!, module: new URL('./account.js', import.meta.url) });
const server = await serve({
  applications: [{ running }],
  port: 0,
  root: async (request) => {
    if (new URL(request.url).pathname !== '/echo') return undefined;
    return new Response(JSON.stringify(JSON.parse(await request.text())), {
      headers: { 'content-type': 'application/json' },
    });
  },
});
process.on('SIGTERM', async () => {
  await server.close();
  await running.close();
  process.exit(0);
});
process.send?.(server.url);
