import { readFileSync, truncateSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import type { Money } from '../money.js';

/** What the provider has done for the shop: written down before it answers. */
export type BookEntry = ChargeEntry | RefundEntry;

/** A charge that was asked for. Money has moved when it was charged. */
export type ChargeEntry = ChargeCall &
  ({ readonly status: 'charged' } | { readonly status: 'declined'; readonly reason: string });

interface ChargeCall {
  readonly kind: 'charge';
  readonly id: string;
  readonly idempotencyKey: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly amount: Money;
}

/** Money that was given back. */
export interface RefundEntry {
  readonly kind: 'refund';
  readonly id: string;
  readonly idempotencyKey: string;
  readonly chargeId: string;
  readonly amount: Money;
}

/** The provider's own book: it shares nothing with the shop, so that the two can be compared. */
export interface Book {
  /** Everything that stands in it, in order. */
  entries(): readonly BookEntry[];
  /** Resolves when the entry is in the book for good. */
  write(entry: BookEntry): Promise<void>;
}

/** A book that is gone with the process. */
export function memoryBook(): Book {
  const entries: BookEntry[] = [];
  return {
    entries: () => entries,
    write: async (entry) => {
      entries.push(entry);
    },
  };
}

/**
 * A book in a file: a line of JSON for each entry, on the disk before the provider answers. Nothing is opened before the first call.
 */
export function fileBook(file: string): Book {
  let known: BookEntry[] | undefined;
  const pending: Pending[] = [];
  let isWriting = false;

  const entries = () => {
    known ??= readBook(file);
    return known;
  };
  /** What comes in while the disk is busy is written together. */
  const writePending = async () => {
    isWriting = true;
    while (pending.length > 0) {
      const batch = pending.splice(0);
      try {
        const lines = batch.map(({ entry }) => `${JSON.stringify(entry)}\n`).join('');
        await appendFile(file, lines, { flush: true });
        for (const { entry, resolve } of batch) {
          entries().push(entry);
          resolve();
        }
      } catch (error) {
        // Nobody knows what of it is in the file: that is looked up.
        known = undefined;
        for (const { reject } of batch) reject(error);
      }
    }
    isWriting = false;
  };
  return {
    entries,
    write: (entry) => {
      entries();
      return new Promise((resolve, reject) => {
        pending.push({ entry, resolve, reject });
        if (!isWriting) void writePending();
      });
    },
  };
}

interface Pending {
  readonly entry: BookEntry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Reads the book of a file: empty when there is none. A line that was cut off when the process was killed never counted: it is removed. */
export function readBook(file: string): BookEntry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, end)));
  return text
    .slice(0, end)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BookEntry);
}
