import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Whether a module needs help to be loaded: it is TypeScript, and this Node does not run that by itself. */
export function needsTypeScript(module: string): boolean {
  const features = process.features as { readonly typescript?: unknown };
  return /\.[cm]?tsx?$/.test(module) && (features.typescript ?? false) === false;
}

/** The options under which Node loads TypeScript in every thread; none when tsx is not installed beside the module. */
export function typeScriptOptions(): string[] {
  try {
    const tsx = createRequire(pathToFileURL(join(process.cwd(), 'package.json'))).resolve('tsx/esm/api');
    // tsx registers in the main thread only; worker threads run this preload for themselves.
    const preload = `import { register } from ${JSON.stringify(pathToFileURL(tsx).href)}; register();`;
    return ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
  } catch {
    return [];
  }
}
