import type { RecordedEvent } from '../definitions/event.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { TableDefinition } from '../definitions/table.js';
import type { ReadModelTransaction, StoredRow, TableChanges } from '../read-database/read-database.js';
import { ProjectionError } from './projection-errors.js';
import { RowBuffer } from './row-buffer.js';

/** The most rows that `find` returns, and its default. */
const maxFind = 10_000;
const defaultFind = 1_000;

/** Rows that are changed or removed by what they hold are taken in pieces of this size. */
const sweepSize = 1_000;

/**
 * Applies a batch of events to a read model within one transaction: calls the handlers in the order of the events,
 * and writes the net effect.
 *
 * @returns the names of the tables that changed
 * @throws whatever a handler threw, and ProjectionError for what its tables cannot do
 */
export class Batch {
  readonly #transaction: ReadModelTransaction;
  readonly #buffers = new Map<string, RowBuffer>();
  readonly #writers: { [table: string]: unknown } = {};
  readonly #changedTables = new Set<string>();

  constructor(readModel: ReadModelDefinition<string, any>, transaction: ReadModelTransaction) {
    this.#transaction = transaction;
    for (const [name, table] of Object.entries(readModel.tables as { [name: string]: TableDefinition })) {
      const buffer = new RowBuffer(name, table);
      this.#buffers.set(name, buffer);
      this.#writers[name] = this.#writer(name, buffer);
    }
  }

  async apply(readModel: ReadModelDefinition<string, any>, events: readonly RecordedEvent[]): Promise<string[]> {
    for (const event of events) {
      const handled = readModel.handlers.get(event.type)!(event.data, this.#writers, event);
      // Handlers that only write return nothing: no turn of the event loop is lost on them.
      if (handled instanceof Promise) await handled;
    }
    await this.#write();
    return [...this.#changedTables];
  }

  /** Loads what is waited for, and writes everything gathered so far. */
  async #write(): Promise<void> {
    const changes: TableChanges[] = [];
    for (const buffer of this.#buffers.values()) {
      const loading = buffer.load(this.#transaction);
      if (loading instanceof Promise) await loading;
      const change = buffer.takeChanges();
      if (change === undefined) continue;
      changes.push(change);
      this.#changedTables.add(change.table);
    }
    if (changes.length > 0) await this.#transaction.write(changes);
  }

  /** The table as handlers see it. */
  #writer(name: string, buffer: RowBuffer) {
    const find = async (where: StoredRow, limit: number): Promise<StoredRow[]> => {
      await this.#write();
      return buffer.find(where, limit, this.#transaction);
    };
    return {
      insert: (row: StoredRow) => buffer.insert(row),
      upsert: (row: StoredRow) => buffer.upsert(row),
      update: (key: unknown, change: StoredRow, orElse?: StoredRow) => buffer.update(key, change, orElse),
      delete: (key: unknown) => buffer.delete(key),
      get: (key: unknown) => buffer.get(key, this.#transaction),
      find: (where: StoredRow, options?: { limit?: number }) => {
        const limit = options?.limit ?? defaultFind;
        if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxFind) {
          throw new ProjectionError(name, `find takes a limit from 1 to ${maxFind}, not ${limit}.`);
        }
        return find(where, limit);
      },
      updateWhere: async (where: StoredRow, change: StoredRow) => {
        // Changed rows may still fit, so that pieces would be found again: everything is taken at once, up to the bound.
        const rows = await find(where, maxFind + 1);
        if (rows.length > maxFind) throw new ProjectionError(name, `updateWhere concerns more than ${maxFind} rows.`);
        for (const row of rows) buffer.update(buffer.keyOf(row), change);
      },
      deleteWhere: async (where: StoredRow) => {
        for (let rows = await find(where, sweepSize); rows.length > 0; rows = await find(where, sweepSize)) {
          for (const row of rows) buffer.delete(buffer.keyOf(row));
        }
      },
    };
  }
}
