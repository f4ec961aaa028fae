import * as library from '@carillon-examples/library';
import type { Application } from 'carillon';

/** What the host needs to know of an example. */
export interface Example {
  readonly application: Application<any, any>;
  /** The URL of the module that exports the application. */
  readonly module: string;
  /** The folder of its built pages. */
  readonly pages: string;
  /** Fills a folder that is not there yet, so that there is something to look at. */
  readonly seed?: (folder: string) => Promise<void>;
}

/** The examples, each served under the name of its application. Add yours. */
export const examples: readonly Example[] = [library];
