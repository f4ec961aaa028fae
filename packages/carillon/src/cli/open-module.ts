import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Application } from '../definitions/application.js';
import { CarillonError } from '../definitions/errors.js';
import { exportedApplication } from '../runtime/load-application.js';
import { UsageError } from './usage-error.js';

/** An application, and the module it comes from. */
export interface OpenedModule {
  readonly application: Application;
  /** The module's URL, which worker threads load, too. */
  readonly module: string;
}

/**
 * Loads the application that a module exports.
 *
 * @throws UsageError when there is no such file
 * @throws CarillonError when it cannot be loaded, or exports no application
 */
export async function openModule(path: string): Promise<OpenedModule> {
  const file = resolve(path);
  if (!existsSync(file))
    throw new UsageError(`There is no module ${path}. Name the file that exports the application.`);
  const module = pathToFileURL(file).href;
  try {
    const exports = (await import(module)) as Record<string, unknown>;
    return { application: exportedApplication(exports, path), module };
  } catch (cause) {
    if (cause instanceof CarillonError) throw cause;
    throw new CarillonError('module-unloadable', `${path} cannot be loaded${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string };
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return (
      `. Node ${process.versions.node} does not run TypeScript: install tsx beside it (npm install -D tsx), ` +
      'compile it first, or use Node 22.18 or newer.'
    );
  }
  const isCommonJs = code === 'ERR_REQUIRE_CYCLE_MODULE' || /import statement outside a module/.test(message ?? '');
  const advice = isCommonJs
    ? '\nCarillon is made of ES modules: say "type": "module" in the package.json beside the module.'
    : '';
  return `: ${message ?? String(cause)}${advice}`;
}
