// A clone on any system must install from package-lock.json: every optional package of every platform is in it, and no
// registry's address. npm leaves packages out, and says nothing, when the registry it asked does not have them.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const problems = [];

for (const [path, entry] of Object.entries(packages)) {
  if (/^https?:/.test(entry.resolved ?? '')) problems.push(`${path} names a registry: ${entry.resolved}`);
  if (path.includes('node_modules/') && !entry.link && !entry.integrity) problems.push(`${path} has no integrity`);
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!isLocked(path, name)) problems.push(`${path || 'the workspace'} needs ${name}, which is not locked`);
  }
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  console.error(
    'Choose versions whose packages are all there, then: rm -r node_modules package-lock.json && npm install',
  );
  process.exitCode = 1;
}

/** Node looks for a package in the folder of the one that needs it, then in each folder above. */
function isLocked(path, name) {
  const folders = path.split('/');
  for (let length = folders.length; length >= 0; length--) {
    const folder = folders.slice(0, length).join('/');
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
  }
  return false;
}
