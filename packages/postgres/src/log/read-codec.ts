import { EventCodec } from 'carillon/adapters';
import type pg from 'pg';

/** The codec of a log, with the seeds that the log was made with. @param schema quoted */
export async function readCodec(database: Pick<pg.ClientBase, 'query'>, schema: string): Promise<EventCodec> {
  const { rows } = await database.query<{ id_seed: string; hash_seed: string }>(
    `SELECT id_seed, hash_seed FROM ${schema}.log_head`,
  );
  const { id_seed: idSeed, hash_seed: hashSeed } = rows[0]!;
  return new EventCodec({ idSeed, hashSeed: Number(hashSeed) });
}
