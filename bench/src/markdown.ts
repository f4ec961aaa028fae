import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { barsOf, goalText, isReached, numberText, type Result } from './report.js';

const begin = '<!-- figures -->';
const end = '<!-- /figures -->';

/** Puts the figures between the marks of a page, and leaves the rest of it as it is. */
export function writeFigures(file: string, results: readonly Result[], missing: readonly string[]): void {
  const page = readFileSync(file, 'utf8');
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} has no ${begin} … ${end}.`);
  const rows = results.map(({ measure, figure }) => {
    const ratios = Object.entries(figure.ratios).map(([name, ratio]) => `${numberText(ratio)} × ${name}`);
    const goals = measure.goals.map((goal) => `${isReached(goal, figure) ? '✓' : '✗'} ${goalText(goal)}`);
    const cells = [`\`${measure.id}\`: ${measure.title}`, `${numberText(figure.value)} ${measure.unit}`];
    return `| ${[...cells, ratios.join('<br>'), goals.join('<br>')].join(' | ')} |`;
  });
  const figures = [
    `On ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}:`,
    '',
    '| measure | median | ratios in the same run | goals |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'How far each goal is reached; the line is the goal:',
    '',
    '```text',
    barsOf(results),
    '```',
    '',
    'Not measured:',
    '',
    ...missing.map((line) => `- ${line}`),
  ];
  writeFileSync(file, `${page.slice(0, from + begin.length)}\n${figures.join('\n')}\n${page.slice(to)}`);
}
