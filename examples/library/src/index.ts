// What a host needs to run the library.
import { fileURLToPath } from 'node:url';

export { type ImportOptions, type ImportSummary, importBooks } from './import/import-books.js';
export { importReport } from './import/import-report.js';
export { library as application } from './library.js';
export { seed } from './seed/seed.js';

/** The module that exports the application: worker threads load it. */
export const module = import.meta.url;

/** The folder of the built pages. */
export const pages = fileURLToPath(new URL('../dist-ui', import.meta.url));
