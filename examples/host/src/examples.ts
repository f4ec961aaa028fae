import * as kitchen from '@carillon-examples/kitchen';
import * as library from '@carillon-examples/library';
import * as shop from '@carillon-examples/shop';
import type { Application } from 'carillon';
import type { RunningApplication } from 'carillon/runtime';

/** What the host needs to know of an example. */
export interface Example {
  readonly application: Application<any, any>;
  /** The application for a data folder, when it keeps something of its own there; else it is the same for all. */
  readonly applicationIn?: (folder: string) => Application<any, any>;
  /** The URL of the module that exports the application. */
  readonly module: string;
  /** The folder of its built pages. */
  readonly pages: string;
  /** Fills a folder that is not there yet, so that there is something to look at. */
  readonly seed?: (folder: string) => Promise<void>;
  /** What comes and goes while the application runs. */
  readonly opened?: (running: RunningApplication) => Promise<void>;
}

/** The examples, each served under the name of its application. Add yours. */
export const examples: readonly Example[] = [library, kitchen, shop];
