import { buildsSchema, readSchema } from '../read-database/read-schema.js';
import type { Migration } from './migration.js';

/** The tables of the read side, step by step. A step that was released is never changed: a new one follows. */
export const readMigrations: readonly Migration[] = [
  { version: 1, name: 'read models', sql: readSchema },
  { version: 2, name: 'builds beside those that serve', sql: buildsSchema },
];
