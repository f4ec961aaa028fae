// npm run chaos -- --seconds 300 --seed 7
import { parseArgs } from 'node:util';
import { chaos } from './chaos.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
  },
});
const seed = Number(values.seed);
process.stdout.write(`Six processes of the shop, ${values.seconds} s of trouble, seed ${seed}\n`);
const report = await chaos({
  seconds: Number(values.seconds),
  seed,
  onProgress: (line) => process.stdout.write(`  ${line}\n`),
});
const { problems, torments, ...figures } = report;
for (const [name, value] of Object.entries({ ...torments, ...figures })) {
  process.stdout.write(`${name.padEnd(24)}${value}\n`);
}
process.stdout.write(problems.length === 0 ? 'All is well.\n' : `${problems.length} problems:\n`);
for (const problem of problems.slice(0, 50)) process.stdout.write(`  ${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
