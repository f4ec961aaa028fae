import type { Clock } from 'carillon/adapters';
import { logConformance } from 'carillon/conformance';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { openPostgresLog } from './open.js';

describe.each([15, 18] as const)('the log in PostgreSQL %i conforms', (version) => {
  let server: EmbeddedPostgres;
  let admin: pg.Pool;
  let schemas = 0;

  beforeAll(async () => {
    server = await startEmbeddedPostgres({ version });
    admin = new pg.Pool({ connectionString: server.url });
    admin.on('error', () => undefined);
  });

  afterAll(async () => {
    await admin?.end();
    await server?.stop();
  });

  async function harness({ clock }: { readonly clock: Clock }) {
    const schema = `log_${++schemas}`;
    const open = () => openPostgresLog({ url: server.url, schema, clock, pollMs: 50, patienceMs: 2_000 });
    let log = await open();
    return {
      log,
      async reopen() {
        await log.close();
        log = await open();
        return log;
      },
      async breakStorage() {
        await admin.query(
          `CREATE FUNCTION ${schema}.break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$;
           CREATE TRIGGER break BEFORE INSERT ON ${schema}.events FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.break()`,
        );
      },
      async repairStorage() {
        await admin.query(
          `DROP TRIGGER IF EXISTS break ON ${schema}.events; DROP FUNCTION IF EXISTS ${schema}.break()`,
        );
      },
      async dispose() {
        await log.close();
        await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      },
    };
  }

  for (const { name, run } of logConformance({ open: harness, features: { reopen: true, storageFailure: true } })) {
    test(name, run);
  }
});

test('a log that cannot be reached says so', async () => {
  await expect(openPostgresLog({ url: 'postgresql://nobody@127.0.0.1:1/none', schema: 'x' })).rejects.toThrow(
    /cannot be opened: nothing answers where PostgreSQL at .* should be/,
  );
});
