import { randomUUID } from 'node:crypto';
import { type ReadDatabaseSides, readDatabaseConformance } from 'carillon/conformance';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { openPostgresReadDatabaseReader, openPostgresReadDatabaseWriter } from './open.js';

describe.each([15, 18] as const)('the read database on PostgreSQL %i', (version) => {
  let server: EmbeddedPostgres;
  beforeAll(async () => {
    server = await startEmbeddedPostgres({ version });
  });
  afterAll(() => server?.stop());

  async function open() {
    const schema = `t_${randomUUID().replaceAll('-', '_')}`;
    const sides = async (): Promise<ReadDatabaseSides> => {
      const writer = await openPostgresReadDatabaseWriter({ url: server.url, schema });
      return { writer, reader: await openPostgresReadDatabaseReader({ url: server.url, schema }) };
    };
    let now = await sides();
    const close = async () => void (await Promise.all([now.writer.close(), now.reader.close()]));
    return {
      ...now,
      async reopen() {
        await close();
        now = await sides();
        return now;
      },
      dispose: close,
    };
  }

  for (const { name, run } of readDatabaseConformance({ open, features: { reopen: true, typoTolerance: true } })) {
    test(name, run);
  }
});
