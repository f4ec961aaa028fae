import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { LeaseStore } from '../leasing/lease-store.js';
import type { ReadDatabaseWriter } from '../read-database/read-database.js';
import { leaseOf } from './shared-projections.js';

/**
 * Why nobody builds or moves a version of a read model. `tables-differ`: what is stored of it was made of another declaration, so that no
 * process starts with it. `not-running`: the application does not run on its folder; `other-version`: what runs there does not have it.
 * `no-worker`: no process of the role work runs; `not-taken`: some do, and none of them has taken it.
 */
export type IdleReason = 'tables-differ' | 'not-running' | 'other-version' | 'no-worker' | 'not-taken';

type Of = ReadModelDefinition<string, any>;
type Stored = Pick<ReadDatabaseWriter, 'state' | 'stored'>;

/** Why nobody works on a read model of an application on a folder; undefined when somebody may. */
export async function idleInFolder(
  readModel: Of,
  database: Stored,
  isRunning: () => boolean,
): Promise<IdleReason | undefined> {
  const hasState = (await database.state(readModel)) !== undefined;
  if (!hasState && (await isStored(readModel, database))) return 'tables-differ';
  if (!isRunning()) return 'not-running';
  return hasState ? undefined : 'other-version';
}

/** The same where processes share the work: the leases say who does it. */
export async function idleInShared(
  readModel: Of,
  database: Stored,
  leases: Pick<LeaseStore, 'look'>,
): Promise<IdleReason | undefined> {
  if ((await database.state(readModel)) === undefined && (await isStored(readModel, database))) return 'tables-differ';
  const { members, taken } = await leases.look();
  if (members.length === 0) return 'no-worker';
  return taken.includes(leaseOf(readModel)) ? undefined : 'not-taken';
}

async function isStored({ name, version }: Of, database: Stored): Promise<boolean> {
  return (await database.stored()).some((one) => one.name === name && one.version === version);
}
