import { createRequire } from 'node:module';
import postgres from 'postgres';
import { inFlight, perSecond } from '../measure.js';
import { sampleData } from '../sample.js';

// As https://seikho.github.io/evtstore says: the first provider of its list (Postgres.js, with its pool of 10), an
// aggregate for each entity, and commands, "the intended way to append events".

type Data = ReturnType<typeof sampleData>;
type Moved = { readonly type: 'Moved' } & Data;

/** What is used of the package's main module. */
interface Evtstore {
  createAggregate(aggregate: { stream: string; create(): object; fold(event: Moved): object }): object;
  createDomain(options: { provider: Provider }, aggregates: { moves: object }): { domain: { moves: object } };
  createCommands(
    aggregate: object,
    handlers: { move(command: Data, aggregate: { version: number }): Promise<Moved> },
  ): { move(id: string, data: Data): Promise<object> };
}

/** What is used of its provider for Postgres.js. */
interface EvtstorePostgres {
  createProvider(options: Tables): Provider;
  migrate(options: Tables): Promise<void>;
}

interface Tables {
  readonly sql: postgres.Sql;
  readonly events: string;
  readonly bookmarks: string;
}

interface Provider {
  createEvents(stream: string, id: string, version: number, events: Moved[]): object[];
  append(stream: string, id: string, version: number, events: object[]): Promise<unknown>;
}

/** Single events a second, each to an aggregate of its own. */
export interface EvtstoreFigures {
  /** By a command, which reads its aggregate before it appends. */
  readonly commands: number;
  /** By the provider that commands append with; nothing is read. */
  readonly appends: number;
}

/** Appends of one event a second, in a transaction each; an index keeps an aggregate's versions unique. */
export async function evtstoreAppends(url: string, count: number, concurrency: number): Promise<EvtstoreFigures> {
  // The package has its TypeScript sources beside its declarations: imported, they would be compiled, with errors.
  const require = createRequire(import.meta.url);
  const { createAggregate, createCommands, createDomain } = require('evtstore') as Evtstore;
  const { createProvider, migrate } = require('evtstore/provider/postgres') as EvtstorePostgres;

  // Its indexes have fixed names, so that each run has a schema of its own.
  const schema = `evtstore_${Date.now()}`;
  const sql = postgres(url, { connection: { search_path: schema } });
  await sql`CREATE SCHEMA ${sql(schema)}`;
  const tables = { sql, events: 'events', bookmarks: 'bookmarks' };
  await migrate(tables);
  const provider = createProvider(tables);
  const moves = createAggregate({
    stream: 'moves',
    create: () => ({ amount: 0 }),
    fold: ({ amount }) => ({ amount }),
  });
  const { move } = createCommands(createDomain({ provider }, { moves }).domain.moves, {
    move: async ({ entity, index }, { version }) => {
      if (version > 0) throw new Error(`${entity} has moved already.`);
      return { type: 'Moved', ...sampleData(entity, index) };
    },
  });

  const commands = await perSecond(count, () =>
    inFlight(count, concurrency, (index) => move(`c${index}`, sampleData(`c${index}`, index))),
  );
  const appends = await perSecond(count, () =>
    inFlight(count, concurrency, (index) => {
      const event: Moved = { type: 'Moved', ...sampleData(`e${index}`, index) };
      return provider.append('moves', `e${index}`, 1, provider.createEvents('moves', `e${index}`, 1, [event]));
    }),
  );
  const [stored] = await sql`SELECT count(*)::int AS count FROM events`;
  await sql.end();
  if (stored!['count'] !== 2 * count) throw new Error(`evtstore stored ${stored!['count']} events of ${2 * count}.`);
  return { commands, appends };
}
