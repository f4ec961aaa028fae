import type { Migration } from './migration.js';

/** The tables of the read side, step by step. */
export const readMigrations: readonly Migration[] = [];
