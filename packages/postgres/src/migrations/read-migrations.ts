import type { Migration } from './migrations.js';

/** The tables of the read side, step by step. */
export const readMigrations: readonly Migration[] = [];
