import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { application } from '../definitions/application.js';
import { command } from '../definitions/command.js';
import { event } from '../definitions/event.js';
import { module } from '../definitions/module.js';
import { processManager } from '../definitions/process-manager.js';
import { reaction } from '../definitions/reaction.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { startInMemory } from '../runtime/start.js';
import { type HttpServer, serve } from './server.js';

const Rang = event('Rang', { data: z.object({ bell: z.string() }), tags: (e) => ({ bell: e.bell }) });
const Ring = command('Ring', { data: z.object({ bell: z.string() }), decide: ({ data }) => Rang(data) });
let isDeaf: boolean;
const listener = reaction('listener', {
  on: Rang,
  startsAt: 'beginning',
  retry: { maxAttempts: 1 },
  run: () => {
    if (isDeaf) throw new Error('did not hear it');
  },
});
const ringer = processManager('ringer', { by: 'bell', initial: 0, timers: ['again'], startsAt: 'beginning' })
  .on(Rang, (rings, _, { setTimer }) => {
    setTimer('again', { days: 1 });
    return rings + 1;
  })
  .onTimer('again', () => undefined);
const tower = application('tower', {
  modules: [module('bells', { publishes: [Rang], commands: [Ring], reactions: [listener, ringer] })],
});

let running: RunningApplication;
let server: HttpServer;
beforeEach(async () => {
  isDeaf = true;
  running = await startInMemory(tower);
  await running.execute(Ring({ bell: 'big' }));
  await running.idle();
  const authenticate = (headers: Headers) => {
    const id = headers.get('authorization') ?? undefined;
    return id === undefined ? undefined : { id };
  };
  server = await serve({
    port: 0,
    authenticate,
    operator: (actor) => actor?.id === 'quasimodo',
    applications: [{ running }],
  });
});
afterEach(async () => {
  await server.close();
  await running.close();
});

function call(
  path: string,
  { method = 'GET', as = 'quasimodo', body }: { method?: string; as?: string; body?: unknown } = {},
) {
  return fetch(`${server.url}/tower/console/api/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', Authorization: as },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

it('shows operators where reactions stand and what is parked, and nobody else', async () => {
  const { reactions } = (await (await call('reactions')).json()) as any;
  expect(reactions).toMatchObject([
    {
      name: 'listener',
      kind: 'reaction',
      events: ['Rang'],
      status: 'parked',
      parked: [{ eventType: 'Rang', message: 'did not hear it', attempts: 1, isBeingDone: false }],
    },
    { name: 'ringer', kind: 'process-manager', status: 'current', parked: [], timers: 1 },
  ]);
  expect((await call('reactions', { as: 'frollo' })).status).toBe(403);
  expect((await call('reactions', { method: 'POST' })).status).toBe(405);
});

it('retries and skips what is parked, for the record by whom', async () => {
  const position = (await running.reactions())[0]!.parked[0]!.position;
  expect((await call(`reactions/listener/parked/${position + 1}/retry`, { method: 'POST' })).status).toBe(409);
  expect((await call(`reactions/nobody/parked/${position}/retry`, { method: 'POST' })).status).toBe(404);
  expect((await call(`reactions/listener/parked/x/retry`, { method: 'POST' })).status).toBe(404);
  const unreasoned = await call(`reactions/listener/parked/${position}/skip`, { method: 'POST', body: {} });
  expect(unreasoned.status).toBe(400);
  expect(await unreasoned.json()).toMatchObject({ issues: [{ path: '/reason' }] });
  isDeaf = false;
  expect((await call(`reactions/listener/parked/${position}/retry`, { method: 'POST' })).status).toBe(200);
  await running.idle();
  expect((await running.reactions())[0]!.parked).toEqual([]);
  const retried = await running.log.read({ items: [{ types: ['carillon:event-retried'] }] });
  expect(retried.map(({ data }) => data)).toMatchObject([{ reaction: 'listener', position, by: 'quasimodo' }]);
});

it('shows processes with state, timers and history', async () => {
  expect(await (await call('processes/ringer')).json()).toEqual({ keys: ['big'] });
  expect(await (await call('processes/ringer/big')).json()).toMatchObject({
    process: 'ringer',
    key: 'big',
    state: 1,
    isEnded: false,
    timers: [{ timer: 'again' }],
    history: [{ eventType: 'Rang', decided: { timersSet: [{ timer: 'again' }] } }],
  });
  expect((await call('processes/listener')).status).toBe(404);
  expect((await call('processes/ringer/nope')).status).toBe(404);
});
