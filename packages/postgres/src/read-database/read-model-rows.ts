import type { ReadModelDefinition } from 'carillon';
import type { ReadModelFailure, ReadModelState } from 'carillon/adapters';
import pg from 'pg';
import { quoted } from '../connection/schema-name.js';

/** Which read model, in any version of it. */
export type Which = Pick<ReadModelDefinition<string, any>, 'name' | 'version'>;

/** The table that says where read models stand. */
export function readModelsTable(schema: string): string {
  return `${quoted(schema)}.read_models`;
}

/** The condition for the row of one version of a read model, for statements that take no parameters. */
export function isRow({ name, version }: Which): string {
  return `name = ${pg.escapeLiteral(name)} AND version = ${Number(version)}`;
}

/** Where a read model stands, from the texts of its row. */
export function toState(position: string, failure: string | null): ReadModelState {
  return {
    position: Number(position),
    failure: failure === null ? undefined : (JSON.parse(failure) as ReadModelFailure),
  };
}

/** The channel on which moves of the read models of one schema are told. */
export function moveChannel(schema: string): string {
  return `carillon_${schema}`;
}

/** The most bytes of a message, below what PostgreSQL takes (8,000). */
const maxMessageBytes = 7_000;

/**
 * The statement that tells of a move when its transaction is committed: `changed` are the tables, null when more is to be told than that
 * it went on.
 */
export function tellMove(
  schema: string,
  { name, version }: Which,
  position: number,
  changed: readonly string[] | null,
): string {
  const short = (tables: readonly string[] | null) => JSON.stringify([name, version, position, tables]);
  const whole = short(changed);
  const message = Buffer.byteLength(whole) <= maxMessageBytes ? whole : short(null);
  return `SELECT pg_notify(${pg.escapeLiteral(moveChannel(schema))}, ${pg.escapeLiteral(message)})`;
}
