// The part of the runtime that `start.ts` beside it needs, under a name that is not redirected.

export type { Application } from '../../../carillon/src/definitions/application.js';
export type { RunningApplication } from '../../../carillon/src/runtime/running-application.js';
export type {
  StartEmbeddedOptions,
  StartInMemoryOptions,
  StartOptions,
} from '../../../carillon/src/runtime/start.js';
export { startShared } from '../../../carillon/src/runtime/start-shared.js';
export type { Storage } from '../../../carillon/src/runtime/storage.js';
