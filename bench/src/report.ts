import Table from 'cli-table3';
import type { Figure, Goal, Measure } from './measure.js';

/** What a measure came to. */
export interface Result {
  readonly measure: Measure;
  readonly figure: Figure;
}

/** A table, and how far each goal was reached as bars. */
export function report(results: readonly Result[]): string {
  const table = new Table({ head: ['measure', 'value', 'unit', 'ratios', 'goals'], style: { head: [], border: [] } });
  for (const { measure, figure } of results) {
    const ratios = Object.entries(figure.ratios).map(([name, ratio]) => `${numberText(ratio)} × ${name}`);
    const goals = measure.goals.map((goal) => `${isReached(goal, figure) ? '✓' : '✗'} ${goalText(goal)}`);
    table.push([
      `${measure.id}\n${measure.title}`,
      numberText(figure.value),
      measure.unit,
      ratios.join('\n'),
      goals.join('\n'),
    ]);
  }
  return `${table.toString()}\n\nHow far each goal is reached (the line is the goal):\n${barsOf(results)}\n`;
}

export function barsOf(results: readonly Result[]): string {
  const lines: string[] = [];
  const longest = Math.max(0, ...results.map(({ measure: { id, goals } }) => (goals.length === 0 ? 0 : id.length)));
  for (const { measure, figure } of results) {
    for (const goal of measure.goals) {
      const value = goal.of === undefined ? figure.value : figure.ratios[goal.of]!;
      const reached = goal.atLeast === undefined ? goal.atMost! / value : value / goal.atLeast;
      const width = Math.min(40, Math.round(reached * 20));
      const bar = `${'█'.repeat(Math.min(width, 20))}│${'█'.repeat(Math.max(0, width - 20))}`;
      lines.push(`${measure.id.padEnd(longest)} ${bar.padEnd(42)} ${reached.toFixed(2)} of ${goalText(goal)}`);
    }
  }
  return lines.join('\n');
}

export function isReached({ of, atLeast, atMost }: Goal, figure: Figure): boolean {
  const value = of === undefined ? figure.value : figure.ratios[of]!;
  return value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY);
}

export function goalText({ of, atLeast, atMost }: Goal): string {
  const bound = atLeast === undefined ? `≤ ${numberText(atMost!)}` : `≥ ${numberText(atLeast)}`;
  return of === undefined ? bound : `${bound} × ${of}`;
}

export function numberText(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toPrecision(3);
}
