// Stands in for the runtime's `start` while the tests of the examples run on PostgreSQL: a folder is a schema, and so is what would have
// been in memory. The examples and their tests know nothing of it.
import { createHash, randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { postgresStorage } from '../../src/storage.js';
import {
  type Application,
  type RunningApplication,
  type StartInMemoryOptions,
  type StartOptions,
  type Storage,
  startShared,
} from './original-runtime.js';

export type { StartEmbeddedOptions, StartInMemoryOptions, StartOptions } from './original-runtime.js';

export function start(application: Application<any, any>, options: StartOptions): Promise<RunningApplication> {
  if ('storage' in options) return startShared(application, options);
  const { folder, module: _module, ...rest } = options;
  return onPostgres(application, createHash('sha256').update(folder).digest('hex').slice(0, 24), rest);
}

export function startInMemory(
  application: Application<any, any>,
  { freezeStates: _freezeStates, ...options }: StartInMemoryOptions = {},
): Promise<RunningApplication> {
  return onPostgres(application, randomUUID().replaceAll('-', '').slice(0, 24), options);
}

function onPostgres(application: Application<any, any>, schema: string, options: object): Promise<RunningApplication> {
  // The same types, once as they are written and once as they are built.
  const storage = postgresStorage({ url: inject('postgresUrl'), schema: `t_${schema}` }) as unknown as Storage;
  return startShared(application, { ...options, storage });
}
