// The part of the runtime that `start.ts` beside it needs, under a name that is not redirected.
export type {
  StartEmbeddedOptions,
  StartInMemoryOptions,
  StartOptions,
} from '../../../carillon/src/runtime/start.js';
export { startShared } from '../../../carillon/src/runtime/start-shared.js';
