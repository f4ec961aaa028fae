import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Set in the environment of a process that was started with what it needs to load TypeScript. */
export const typeScriptMark = 'CARILLON_TYPESCRIPT';

/** Whether a module is TypeScript. Node has to be told how to load it before it starts: see `typeScriptOptions`. */
export function isTypeScript(module: string): boolean {
  return /\.[cm]?tsx?$/.test(module);
}

/**
 * The options under which Node loads a TypeScript module, in every thread: worker threads inherit them. None when this Node
 * does not run TypeScript and tsx is not installed beside the module.
 */
export function typeScriptOptions(module: string): string[] {
  const { typescript = false } = process.features as { readonly typescript?: unknown };
  if (typescript !== false) return preload(namesOfSources);
  const tsx = findTsx([dirname(resolve(module)), process.cwd()]);
  if (tsx === undefined) return [];
  // tsx's own preload registers in the main thread only.
  return preload(`import { register } from ${JSON.stringify(tsx)}; register();`);
}

/**
 * Node runs TypeScript files, but not the imports in them that name, as the TypeScript compiler wants it, the JavaScript file
 * that will be there: this lets `./copy.js` mean `./copy.ts` when there is no other.
 */
const namesOfSources = `
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      const isSource = /^\\.\\.?\\/.*\\.[cm]?js$/.test(specifier) && /\\.[cm]?ts$/.test(context.parentURL ?? '');
      if (error.code !== 'ERR_MODULE_NOT_FOUND' || !isSource) throw error;
      return next(specifier.replace(/js$/, 'ts'), context);
    }
  },
});`;

function preload(source: string): string[] {
  return ['--import', `data:text/javascript,${encodeURIComponent(source)}`];
}

/** The URL of the part of tsx that registers it, seen from the first of the folders that sees it. */
function findTsx(folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    try {
      const manifest = createRequire(join(folder, 'package.json')).resolve('tsx/package.json');
      // As `import` finds it. What `require.resolve` finds is the CommonJS build, which cannot be imported.
      const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as TsxManifest;
      return pathToFileURL(join(dirname(manifest), exports['./esm/api'].import.default)).href;
    } catch {
      // Not to be seen from here, or a version that is made otherwise.
    }
  }
  return undefined;
}

interface TsxManifest {
  readonly exports: { readonly './esm/api': { readonly import: { readonly default: string } } };
}
