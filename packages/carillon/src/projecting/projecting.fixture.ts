import type { Application } from '../definitions/application.js';
import type { TableDefinition } from '../definitions/table.js';
import type { ReadDatabaseReader } from '../read-database/read-database.js';
import type { Projector } from './projector.js';

/** Waits until a condition holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, timeoutMs = 60_000): Promise<void> {
  const giveUpMs = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > giveUpMs) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Waits until every read model has got to a position, or has stopped. */
export function caughtUp(projector: Projector, position: number): Promise<void> {
  const isThere = () =>
    [...projector.states().values()].every((state) => state.position >= position || state.failure !== undefined);
  return until(isThere, `all read models are at ${position}`);
}

/** Every row of every table, in the order of the keys, and what a search finds in those that can be searched. */
export async function allRows(
  application: Application<any, any>,
  reader: ReadDatabaseReader,
): Promise<{ [table: string]: readonly object[] }> {
  const rows: { [table: string]: readonly object[] } = {};
  for (const readModel of application.readModels.values()) {
    for (const [name, table] of Object.entries(readModel.tables as { [name: string]: TableDefinition })) {
      const { result } = await reader.snapshot(readModel, async (db) => {
        const inOrder = (select: any) => table.key.reduce((rest, key) => rest.orderBy(key), select);
        const all: object[] = await inOrder(db.selectFrom(name).selectAll()).execute();
        if (Object.keys(table.search).length === 0) return [all, []];
        const found: object[] = await inOrder(db.search(name, 'number 7').select([...table.key])).execute();
        return [all, found];
      });
      rows[`${readModel.name}.${name}`] = result[0]!;
      rows[`${readModel.name}.${name} found`] = result[1]!;
    }
  }
  return rows;
}
