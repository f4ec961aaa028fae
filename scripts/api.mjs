// The public surface, as one report for each entry point in api/. `npm test` compares; `npm run api` updates.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const update = process.argv.includes('--update');
const changed = [];

for (const folder of ['packages/carillon']) {
  const manifest = join(root, folder, 'package.json');
  for (const [entry, target] of Object.entries(JSON.parse(readFileSync(manifest, 'utf8')).exports)) {
    if (typeof target !== 'object') continue;
    const types = join(root, folder, target.types);
    if (!existsSync(types)) throw new Error(`${types} is not there: run "npm run build".`);
    const name = entry === '.' ? 'carillon' : `carillon-${entry.slice(2)}`;
    if (!report(name, types, manifest, join(root, folder))) changed.push(name);
  }
}
if (changed.length > 0) {
  console.error(
    `The public surface changed: ${changed.join(', ')}. If that is meant, run "npm run api" and commit api/.`,
  );
  process.exitCode = 1;
}

/** Writes or compares one report. Returns whether it is as it was. */
function report(name, types, manifest, projectFolder) {
  mkdirSync(join(root, 'api'), { recursive: true });
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder,
      mainEntryPointFilePath: types,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true, types: ['node'] },
          files: [types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(root, 'api'),
        reportTempFolder: join(root, 'node_modules', '.cache', 'carillon', 'api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'none' },
          'ae-missing-release-tag': { logLevel: 'none' },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    packageJsonFullPath: manifest,
    configObjectFullPath: undefined,
  });
  const result = Extractor.invoke(config, {
    localBuild: update,
    messageCallback: (message) => {
      message.handled = message.logLevel !== 'error';
    },
  });
  if (result.errorCount > 0) throw new Error(`The report of ${name} could not be made.`);
  return update || !result.apiReportChanged;
}
