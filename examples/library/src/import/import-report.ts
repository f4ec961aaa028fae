import { Presets, SingleBar } from 'cli-progress';
import type { ImportOptions, ImportSummary, SkippedRow } from './import-books.js';

/** How often a line is written where there is no terminal, in milliseconds. */
const lineEveryMs = 2_000;

/** The most skipped rows to write out. */
const maxSkippedRows = 20;

/** Shows an import to whoever started it: a progress bar on a terminal, lines otherwise. */
export function importReport(output: NodeJS.WriteStream = process.stderr) {
  const skipped: SkippedRow[] = [];
  const bar = new SingleBar(
    {
      format: 'Importing {bar} {percentage}% | {books} books | {commands} commands | {eta_formatted} to go',
      stream: output,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_grey,
  );
  let isBegun = false;
  let nextLineAt = performance.now() + lineEveryMs;

  const options: Required<Pick<ImportOptions, 'onProgress' | 'onSkip'>> = {
    onProgress({ bytesRead, totalBytes, books, commands }) {
      if (output.isTTY) {
        if (!isBegun) bar.start(totalBytes, 0, { books, commands });
        isBegun = true;
        bar.update(bytesRead, { books, commands });
      } else if (performance.now() >= nextLineAt) {
        nextLineAt = performance.now() + lineEveryMs;
        output.write(`Importing: ${percent(bytesRead, totalBytes)}, ${books} books, ${commands} commands\n`);
      }
    },
    onSkip(row) {
      if (skipped.length < maxSkippedRows) skipped.push(row);
    },
  };
  return {
    options,
    /** Takes the bar away. */
    stop: () => bar.stop(),
    /** Says what came of it. */
    finish(summary: ImportSummary) {
      bar.stop();
      for (const { line, reason } of skipped) output.write(`Line ${line} was skipped: ${reason}\n`);
      const unnamed = summary.skippedRows - skipped.length;
      if (unnamed > 0) output.write(`${unnamed} more lines were skipped.\n`);
      output.write(`${inWords(summary)}\n`);
    },
  };
}

function inWords({ books, copies, commands, durationMs }: ImportSummary): string {
  const seconds = durationMs / 1_000;
  const rate = Math.round(commands / seconds);
  return (
    `${books.toLocaleString('en')} books and ${copies.toLocaleString('en')} copies are in the library: ` +
    `${commands.toLocaleString('en')} commands in ${seconds.toFixed(1)} s, ${rate.toLocaleString('en')} a second.`
  );
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 100 : Math.floor((part / whole) * 100)} %`;
}
