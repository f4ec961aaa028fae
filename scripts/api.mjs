// The public surface, as one report for each entry point in api/. `npm test` compares; `npm run api` updates.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const reports = join(root, 'api');
const update = process.argv.includes('--update');
const changed = [];

mkdirSync(reports, { recursive: true });
const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);
const expected = packages.flatMap((name) => reportPackage(join(root, 'packages', name)));
for (const file of readdirSync(reports)) {
  if (expected.includes(file)) continue;
  if (update) rmSync(join(reports, file));
  else changed.push(`${file} (no entry point any more)`);
}
if (changed.length > 0 && !update) {
  console.error(`The public surface changed: ${changed.join(', ')}.`);
  console.error('If that is meant, run "npm run api" and commit api/.');
  process.exitCode = 1;
}

/** Reports every entry point of one package. Returns the names of the reports. */
function reportPackage(folder) {
  const manifest = join(folder, 'package.json');
  const { name, exports = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
  const entries = Object.entries(exports).flatMap(([entry, { types }]) => {
    if (types === undefined) return [];
    const report = [name.replace(/^@/, '').replace('/', '-'), ...entry.split('/').slice(1)].join('-');
    const file = join(folder, types);
    if (existsSync(file)) return [{ report, file }];
    console.error(`${name}${entry.slice(1)} is not there: run "npm run build", or take it out of "exports".`);
    process.exitCode = 1;
    return [];
  });
  const configs = entries.map(({ report, file }) => configOf(report, file, manifest, folder));
  if (configs.length === 0) return [];
  // One compilation for all entry points of the package.
  const compilerState = CompilerState.create(configs[0], { additionalEntryPoints: entries.map(({ file }) => file) });
  for (const [index, config] of configs.entries()) {
    const result = Extractor.invoke(config, {
      compilerState,
      localBuild: update,
      messageCallback: (message) => {
        message.handled = message.logLevel !== 'error';
      },
    });
    if (result.errorCount > 0) throw new Error(`The report of ${entries[index].report} could not be made.`);
    if (result.apiReportChanged) changed.push(config.reportFilePath.slice(reports.length + 1));
  }
  return entries.map(({ report }) => `${report}.api.md`);
}

function configOf(report, file, manifest, projectFolder) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder,
      mainEntryPointFilePath: file,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'nodenext',
            target: 'es2022',
            lib: ['es2023'],
            strict: true,
            skipLibCheck: true,
            types: ['node'],
          },
          files: [file],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${report}.api.md`,
        reportFolder: reports,
        reportTempFolder: join(root, 'node_modules', '.cache', 'carillon', 'api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    packageJsonFullPath: manifest,
    configObjectFullPath: undefined,
  });
}
