import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type CommandRequest, ValidationError } from 'carillon';
import type { RunningApplication } from 'carillon/runtime';
import { CsvError, type Info, parse } from 'csv-parse';
import { AddCopy, AddTitle } from '../circulation/collection.js';
import { inParallel } from '../in-parallel.js';
import { type BookRow, columns, RowError, readBook } from './book-row.js';

/** The most commands on their way at a time. */
const commandsAtOnce = 256;

/** How far an import has come. */
export interface ImportProgress {
  readonly bytesRead: number;
  readonly totalBytes: number;
  /** The books whose title and copies are all in the library. */
  readonly books: number;
  /** The commands that were accepted, those of an earlier import of the same file included. */
  readonly commands: number;
}

/** A row that was left out. */
export interface SkippedRow {
  /** The line of the file on which the row ends, from 1. */
  readonly line: number;
  readonly reason: string;
}

/** What an import came to. */
export interface ImportSummary {
  readonly books: number;
  readonly copies: number;
  readonly commands: number;
  readonly skippedRows: number;
  readonly durationMs: number;
}

export interface ImportOptions {
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly onSkip?: (row: SkippedRow) => void;
  /** Ends the import after the commands that are on their way. */
  readonly signal?: AbortSignal;
}

/**
 * Adds the books of a CSV file with the columns of goodbooks-10k, and copies of them, through commands.
 *
 * The command ids are made from the ids of the books: an import that was interrupted, or is repeated, adds what is missing.
 *
 * @throws Error when the file cannot be read or lacks a column
 */
export async function importBooks(
  running: RunningApplication,
  file: string,
  { onProgress, onSkip, signal }: ImportOptions = {},
): Promise<ImportSummary> {
  const startedAt = performance.now();
  const { size: totalBytes } = await stat(file);
  const source = createReadStream(file);
  const counts = { books: 0, copies: 0, commands: 0, skippedRows: 0 };
  const skip = (line: number, reason: string) => {
    counts.skippedRows++;
    onSkip?.({ line, reason });
  };
  const rows = source.pipe(
    parse({
      bom: true,
      columns: checkHeader,
      info: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error) => void skip(Number(error?.['lines']), error?.message ?? 'unreadable'),
    }),
  );
  source.on('error', (error) => rows.destroy(error));

  const send = async (request: CommandRequest, id: string) => {
    const result = await running.execute(request, { commandId: `import:${id}` });
    if (result.rejected) throw new RowError(`${id}: ${result.message}`);
    counts.commands++;
  };
  try {
    await inParallel(
      rows as AsyncIterable<{ record: BookRow; info: Info }>,
      commandsAtOnce,
      async ({ record, info }) => {
        signal?.throwIfAborted();
        try {
          const { title, copyIds } = readBook(record);
          const { titleId } = title;
          await send(AddTitle(title), titleId);
          for (const copyId of copyIds) await send(AddCopy({ copyId, titleId }), copyId);
          counts.books++;
          counts.copies += copyIds.length;
        } catch (error) {
          if (!(error instanceof RowError || error instanceof ValidationError)) throw error;
          skip(info.lines, error.message);
        }
        onProgress?.({ bytesRead: source.bytesRead, totalBytes, books: counts.books, commands: counts.commands });
      },
    );
  } catch (error) {
    if (error instanceof CsvError)
      throw new Error(`${file} is no CSV file of books: ${error.message}`, { cause: error });
    throw error;
  } finally {
    source.destroy();
  }
  return { ...counts, durationMs: performance.now() - startedAt };
}

function checkHeader(header: string[]): string[] {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new Error(`The first line of the file does not name ${missing.join(', ')}.`);
  return header;
}
