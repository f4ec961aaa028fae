import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { altered } from '../../test-support/altered.js';
import { library } from '../../test-support/library.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { startInMemory } from '../runtime/start.js';
import { type HttpServer, type ServeOptions, serve } from './server.js';

let running: RunningApplication;
const servers: HttpServer[] = [];

async function start(options: Partial<ServeOptions> = {}): Promise<HttpServer> {
  const server = await serve({ port: 0, applications: [{ running }], ...options });
  servers.push(server);
  return server;
}

beforeEach(async () => {
  running = await startInMemory(library);
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close({ timeoutMs: 0 })));
  await running.close();
});

describe('serve', () => {
  it('binds to loopback, and serves each application under its name', async () => {
    const server = await start({ applications: [{ running }, { running, name: 'second' }] });
    expect(server.host).toBe('127.0.0.1');
    for (const name of ['library', 'second']) {
      const response = await fetch(`${server.url}/${name}/openapi.json`);
      expect(((await response.json()) as any).servers).toEqual([{ url: `/${name}` }]);
    }
    expect((await fetch(`${server.url}/third/openapi.json`)).status).toBe(404);
  });

  it('answers / with what the caller supplies, and errors of it with a problem', async () => {
    const server = await start({
      root: (request) => {
        const { pathname } = new URL(request.url);
        if (pathname === '/broken') throw new Error('secret');
        return pathname === '/'
          ? new Response('<h1>Carillon</h1>', { headers: { 'Content-Type': 'text/html' } })
          : undefined;
      },
    });
    expect(await (await fetch(`${server.url}/`)).text()).toBe('<h1>Carillon</h1>');
    expect((await fetch(`${server.url}/else`)).status).toBe(404);
    const broken = await fetch(`${server.url}/broken`);
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toContain('secret');
  });

  it.each(['0.0.0.0', '::', '192.168.1.7', 'example.org', ''])(
    'does not bind to "%s" without authentication',
    async (host) => {
      await expect(start({ host })).rejects.toMatchObject({ code: 'authentication-required', host });
    },
  );

  it('binds anywhere when every application authenticates', async () => {
    const server = await start({ host: '0.0.0.0', authenticate: () => undefined });
    expect((await fetch(`http://127.0.0.1:${server.port}/library/health/live`)).status).toBe(200);
    const applications = [
      { running, authenticate: () => undefined },
      { running, name: 'open' },
    ];
    await expect(start({ host: '0.0.0.0', applications })).rejects.toThrow('while open lets anyone in');
  });

  it('is only reached by names of this machine while it lets anyone in', async () => {
    const { request } = await import('node:http');
    const statusFor = (server: HttpServer, host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request(
          { host: '127.0.0.1', port: server.port, path: '/library/health/live', headers: { Host: host } },
          (response) => {
            response.resume();
            resolve(response.statusCode);
          },
        );
        sent.on('error', reject).end();
      });
    const open = await start({ allowedHosts: ['library.test'] });
    for (const host of ['localhost', 'LOCALHOST:99', '127.0.0.1', '[::1]:80', 'app.localhost', 'library.test:8080']) {
      expect([host, await statusFor(open, host)]).toEqual([host, 200]);
    }
    for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1']) {
      expect([host, await statusFor(open, host)]).toEqual([host, 403]);
    }
    const guarded = await start({ authenticate: () => undefined });
    expect(await statusFor(guarded, 'library.example')).toBe(200);
  });

  it('says what is wrong with its options, all of it', async () => {
    const applications = [{ running }, { running }, { running, name: '../x' }];
    const failure = start({ applications, port: 99_999 });
    await expect(failure).rejects.toMatchObject({ code: 'server-options-invalid' });
    await expect(failure).rejects.toThrow(/99999.*"\.\.\/x".*Two applications are called library/);
  });

  it('says that the port is taken', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    await expect(start({ port })).rejects.toMatchObject({ code: 'listen-failed', port });
    await expect(start({ port })).rejects.toThrow('another program uses the port');
    other.close();
  });
});

describe('close', () => {
  it('finishes what was begun and takes nothing new', async () => {
    let finish = () => {};
    let isBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      isBegun = resolve;
    });
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const open = running;
    running = altered(running, {
      execute: async (...call) => {
        isBegun();
        await held;
        return open.execute(...call);
      },
    });
    const server = await start();
    const sent = fetch(`${server.url}/library/commands/AddCopy`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"copyId":"c1","titleId":"t1"}',
    });
    await begun;
    let isClosed = false;
    const closed = server.close().then(() => {
      isClosed = true;
    });
    await expect(fetch(`${server.url}/library/health/live`)).rejects.toThrow();
    expect(isClosed).toBe(false);
    finish();
    expect((await sent).status).toBe(200);
    await closed;
  });

  it('cuts off what does not finish in time', async () => {
    let isBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      isBegun = resolve;
    });
    running = altered(running, {
      answer: () => {
        isBegun();
        return new Promise(() => {});
      },
    });
    const server = await start();
    const asked = expect(fetch(`${server.url}/library/queries/Shelf`)).rejects.toThrow();
    await begun;
    await server.close({ timeoutMs: 20 });
    await asked;
  });

  it('may be called twice', async () => {
    const server = await start();
    await Promise.all([server.close(), server.close()]);
    await server.close();
  });
});
