import { leaseSchema } from '../leases/lease-schema.js';
import { appendSchema } from '../log/append-schema.js';
import { indexSchema } from '../log/index-schema.js';
import { logSchema } from '../log/log-schema.js';
import type { Migration } from './migration.js';

/** The tables of the log, step by step. A step that was released is never changed: a new one follows. */
export const logMigrations: readonly Migration[] = [
  { version: 1, name: 'the log', sql: logSchema },
  { version: 2, name: 'leases', sql: leaseSchema },
  { version: 3, name: 'an index by hashes', sql: indexSchema },
  { version: 4, name: 'appends that were given up are refused', sql: appendSchema },
];
