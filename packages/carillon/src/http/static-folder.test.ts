import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { library } from '../../test-support/library.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { startInMemory } from '../runtime/start.js';
import { type HttpServer, serve } from './server.js';
import { staticFolder } from './static-folder.js';

let outside: string;
let running: RunningApplication;
let server: HttpServer;

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'carillon-pages-'));
  const pages = join(outside, 'pages');
  await mkdir(join(pages, 'assets'), { recursive: true });
  await mkdir(join(pages, 'folder'));
  await writeFile(join(outside, 'secret.txt'), 'secret');
  await writeFile(join(pages, 'index.html'), '<h1>Library</h1>');
  await writeFile(join(pages, 'assets', 'index-BxY12abc.js'), 'console.log(1)');
  await writeFile(join(pages, 'assets', 'style.css'), 'body{}');
  await writeFile(join(pages, 'bell sound.mp3'), 'ding');
  await writeFile(join(pages, 'unknown.xyz'), 'x');
  await writeFile(join(pages, '.env'), 'secret');
  await symlink(join(outside, 'secret.txt'), join(pages, 'link.txt'));
  running = await startInMemory(library);
  server = await serve({ port: 0, applications: [{ running, pages }] });
});

afterAll(async () => {
  await server.close();
  await running.close();
  await rm(outside, { recursive: true });
});

function get(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(server.url + path, { redirect: 'manual', ...init });
}

describe('a folder of pages', () => {
  it('answers its root with index.html, and leads there', async () => {
    const page = await get('/library/');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await page.text()).toBe('<h1>Library</h1>');
    const bare = await get('/library?x=1');
    expect([bare.status, bare.headers.get('location')]).toEqual([308, '/library/?x=1']);
  });

  it('keeps files with a hash in their name for ever, and asks again for others', async () => {
    const script = await get('/library/assets/index-BxY12abc.js');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await script.text()).toBe('console.log(1)');
    const style = await get('/library/assets/style.css');
    expect(style.headers.get('cache-control')).toBe('no-cache');
    const again = await get('/library/assets/style.css', { headers: { 'If-None-Match': style.headers.get('etag')! } });
    expect(again.status).toBe(304);
  });

  it('answers HEAD, spaces in names, and types that it does not know', async () => {
    const head = await get('/library/bell%20sound.mp3', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), head.headers.get('content-length')]).toEqual([
      200,
      'audio/mpeg',
      '4',
    ]);
    const unknown = await get('/library/unknown.xyz');
    expect(unknown.headers.get('content-type')).toBe('application/octet-stream');
    expect(unknown.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('answers the addresses that the page makes up with the page', async () => {
    const page = await get('/library/books/t1', { headers: { Accept: 'text/html' } });
    expect([page.status, await page.text()]).toEqual([200, '<h1>Library</h1>']);
    expect((await get('/library/folder')).status).toBe(200);
  });

  it('does not answer missing files, data or other methods with the page', async () => {
    expect((await get('/library/assets/missing-12345678.js')).status).toBe(404);
    expect((await get('/library/books/t1', { headers: { Accept: 'application/json' } })).status).toBe(404);
    expect((await get('/library/books', { method: 'POST' })).status).toBe(404);
    expect((await get('/library/commands/Unknown', { headers: { Accept: 'text/html' } })).status).toBe(404);
  });

  it.each([
    '/library/../secret.txt',
    '/library/%2e%2e/secret.txt',
    '/library/..%2fsecret.txt',
    '/library/assets/..%2f..%2fsecret.txt',
    '/library/..%5csecret.txt',
    '/library/%2fetc%2fpasswd',
    '/library//etc/passwd',
    '/library/link.txt',
    '/library/.env',
    '/library/index.html%00.txt',
    '/library/%zz',
    '/libraryx/index.html',
  ])('does not give out what is not inside: %s', async (path) => {
    const response = await get(path, { headers: { Accept: 'text/html' } });
    expect(await response.text()).not.toContain('secret');
    if (response.status !== 200) expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it('must have an index.html', async () => {
    await expect(staticFolder(join(outside, 'missing'), '')).rejects.toMatchObject({ code: 'static-folder-missing' });
    await expect(staticFolder(outside, '')).rejects.toThrow('Build the pages first');
  });
});
