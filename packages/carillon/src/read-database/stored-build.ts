import type { ReadModelDefinition } from '../definitions/read-model.js';
import { tablesFingerprint } from './physical-schema.js';
import type { BuildState, ReadModelState } from './read-database.js';
import { BuildGoneError, ReadModelChangedError } from './read-database-errors.js';

/** What has become of a build: one serves at most, and one is being built at most. */
export type BuildStatus = 'building' | 'serving' | 'replaced';

/** A build of a version of a read model as adapters note it down. */
export interface StoredBuild extends BuildState {
  readonly status: BuildStatus;
  /** `tablesFingerprint` of the declaration that it was made of. */
  readonly fingerprint: string;
}

/** Where a read model stands of which there is no build yet. */
export const notBegun: ReadModelState = {
  ...{ build: 0, position: 0, failure: undefined, begunAt: '' },
  ...{ isServing: false, next: undefined },
};

/** Where a read model stands, of its builds: those that were not made of this declaration do not concern it. */
export function stateOf(
  readModel: ReadModelDefinition<string, any>,
  builds: readonly StoredBuild[],
): ReadModelState | undefined {
  const fingerprint = tablesFingerprint(readModel);
  return stateOfAny(builds.filter((build) => build.fingerprint === fingerprint));
}

/** Where a version of a read model stands, whatever it was made of. */
export function stateOfAny(builds: readonly StoredBuild[]): ReadModelState | undefined {
  const serving = builds.find(({ status }) => status === 'serving');
  const building = builds.find(({ status }) => status === 'building');
  if (serving !== undefined) return { ...plain(serving), isServing: true, next: building && plain(building) };
  return building && { ...plain(building), isServing: false, next: undefined };
}

/** The same for `prepare`. @throws ReadModelChangedError when all of them were made of another declaration */
export function preparedState(
  readModel: ReadModelDefinition<string, any>,
  builds: readonly StoredBuild[],
): ReadModelState | undefined {
  const state = stateOf(readModel, builds);
  if (state === undefined && stateOfAny(builds) !== undefined) {
    throw new ReadModelChangedError(readModel.name, readModel.version);
  }
  return state;
}

/** The build that is meant, among those that can be moved. @throws BuildGoneError */
export function buildOf<Build extends StoredBuild>(
  readModel: ReadModelDefinition<string, any>,
  builds: readonly Build[],
  wanted: number | undefined,
): Build {
  const number = wanted ?? stateOf(readModel, builds)?.build;
  const found = builds.find(({ build }) => build === number);
  const isMine = found?.status !== 'replaced' && found?.fingerprint === tablesFingerprint(readModel);
  if (found === undefined || !isMine) throw new BuildGoneError(readModel.name, number);
  return found;
}

/** The number of a build that is begun after these. */
export function nextBuild(builds: readonly StoredBuild[]): number {
  return 1 + Math.max(0, ...builds.map(({ build }) => build));
}

function plain({ build, position, failure, begunAt }: StoredBuild): BuildState {
  return { build, position, failure, begunAt };
}
