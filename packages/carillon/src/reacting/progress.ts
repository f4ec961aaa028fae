import type { Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import { readAll } from '../log/read-all.js';
import { doneThrough, type Reach, reachOf, reachOfAll, readAnnounced, typesOf } from './reach.js';
import { NotParkedError } from './reacting-errors.js';
import { isInSlice, type Slice, slices } from './slice.js';
import type { Work } from './work.js';
import { type ParkedAt, type RecordedReach, reactionTag, sliceTag, workData, workEvent } from './work-events.js';

/** An event that could not be done, for which its key waits. */
export interface Parked {
  readonly key: string;
  readonly position: number;
  readonly eventType: string;
  readonly message: string;
  readonly attempts: number;
  readonly parkedAt: Date;
  /** Set once it was retried or skipped: the key goes on with the events after this position. */
  readonly resumeAfter: number | undefined;
}

/** How far a reaction has got. */
export interface Progress {
  /** Everything up to here is done or parked. */
  readonly position: number;
  readonly parked: Map<string, Parked>;
}

/** How far a reaction has got that is to go on. */
export interface ResumedProgress extends Progress {
  readonly reach: Reach;
  /** What operators have given up of what may still come up: see `skippedAt`. */
  readonly skipped: Set<string>;
}

/** An event that an operator has given up for a key. */
export function skippedAt(key: string, position: number): string {
  return `${position}/${key}`;
}

const parkingTypes = [
  'carillon:event-parked',
  'carillon:event-retried',
  'carillon:event-skipped',
  'carillon:key-resumed',
] as const;

/** Reads how far a reaction has got, or one slice of it. One that was never started is recorded as started. */
export async function loadProgress(
  log: Log,
  { name: reaction, startsAt, query }: Pick<Work, 'name' | 'startsAt' | 'query'>,
  slice?: Slice,
): Promise<ResumedProgress> {
  const types = typesOf(query);
  const resume = async () => {
    const reach = await readReach(log, reaction, slice, types);
    if (reach === undefined) return undefined;
    const position = doneThrough(reach);
    const { parked, skipped } = await readDecided(log, reaction, slice);
    // What was done is not done again, but for what stands behind something parked.
    const first = Math.min(position, ...[...parked.values()].map((one) => one.position));
    const open = skipped.filter((one) => one.position > first);
    return { reach, position, parked, skipped: new Set(open.map((one) => skippedAt(one.key, one.position))) };
  };
  const progress = await resume();
  if (progress !== undefined) return progress;
  const position = startsAt === 'now' ? await log.head() : 0;
  const tags = [reactionTag(reaction)];
  const started = { items: [{ types: ['carillon:reaction-started'], tags }] };
  try {
    const condition = { failIfEventsMatch: started };
    await log.append([workEvent('carillon:reaction-started', { reaction, position, types }, tags)], condition);
    return { reach: { types, position, behind: new Map() }, position, parked: new Map(), skipped: new Set() };
  } catch (error) {
    // Another process, which does another slice of it, was first: all begin where that one says.
    const recorded = error instanceof AppendConditionError && (await resume());
    if (!recorded) throw error;
    return recorded;
  }
}

/** Reads how far a reaction, or one slice of it, has got as it was last recorded; undefined when it was never started. */
export async function readProgress(
  log: Pick<Log, 'read'>,
  reaction: string,
  slice?: Slice,
): Promise<Progress | undefined> {
  const reach = await readReach(log, reaction, slice);
  return reach && { position: doneThrough(reach), parked: (await readDecided(log, reaction, slice)).parked };
}

/** Every reaction and process manager that was ever started, in the order in which that was first done: also those that were added at run time. */
export async function startedReactions(log: Pick<Log, 'read'>): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const event of readAll(log, { items: [{ types: ['carillon:reaction-started'] }] })) {
    const started = workData(event, 'carillon:reaction-started');
    if (started !== undefined) names.add(started.reaction);
  }
  return [...names];
}

/**
 * What was recorded last counts: of the slice, or of the reaction as a whole. The whole is where its last slice is.
 *
 * @param types what the reaction is about; otherwise what it was about when that was recorded
 */
async function readReach(
  log: Pick<Log, 'read'>,
  reaction: string,
  slice?: Slice,
  types?: readonly string[],
): Promise<Reach | undefined> {
  const whole = await lastMove(log, reactionTag(reaction));
  if (whole === undefined) return undefined;
  const indexes = slice === undefined ? slices.map(({ index }) => index) : [slice.index];
  const moves = await Promise.all(indexes.map((index) => lastMove(log, sliceTag(reaction, index))));
  const last = moves.map((own) => (own !== undefined && own.recordedAt > whole.recordedAt ? own : whole));
  const announced = types === undefined ? new Map<string, number>() : await readAnnounced(log, reaction);
  return reachOfAll(last.map((move) => reachOf(move, types ?? move.types ?? [], announced)));
}

interface Move extends RecordedReach {
  /** Where in the log it was recorded. */
  readonly recordedAt: number;
}

async function lastMove(log: Pick<Log, 'read'>, tag: string): Promise<Move | undefined> {
  const moves = { items: [{ types: ['carillon:reaction-started', 'carillon:reaction-advanced'], tags: [tag] }] };
  const [last] = await log.read(moves, { backwards: true, limit: 1 });
  return last && { ...(last.data as RecordedReach), recordedAt: last.position };
}

/** What is parked, and what operators have given up. */
interface Decided {
  readonly parked: Map<string, Parked>;
  readonly skipped: readonly ParkedAt[];
}

async function readDecided(log: Pick<Log, 'read'>, reaction: string, slice?: Slice): Promise<Decided> {
  const parked = new Map<string, Parked>();
  const skipped: ParkedAt[] = [];
  const query = { items: [{ types: parkingTypes, tags: [reactionTag(reaction)] }] };
  for await (const event of readAll(log, query)) {
    const { key } = event.data as ParkedAt;
    if (!isInSlice(key, slice)) continue;
    const added = workData(event, 'carillon:event-parked');
    if (added !== undefined) {
      const { reaction: _, ...rest } = added;
      parked.set(key, { ...rest, parkedAt: event.recordedAt, resumeAfter: undefined });
    }
    const retried = workData(event, 'carillon:event-retried');
    if (retried !== undefined) resume(parked, retried, retried.position - 1);
    const given = workData(event, 'carillon:event-skipped');
    if (given !== undefined && resume(parked, given, given.position)) skipped.push(given);
    const resumed = workData(event, 'carillon:key-resumed');
    if (resumed !== undefined && parked.get(key)?.position === resumed.position) parked.delete(key);
  }
  return { parked, skipped };
}

/**
 * What waits for an operator at a position: an event can be parked for several keys.
 *
 * @throws NotParkedError
 */
export function waitingAt(reaction: string, position: number, parked: Iterable<Parked>): readonly Parked[] {
  const there = [...parked].filter((one) => one.position === position);
  const waiting = there.filter(({ resumeAfter }) => resumeAfter === undefined);
  if (waiting.length > 0) return waiting;
  const [decided] = there;
  if (decided === undefined) throw new NotParkedError(reaction, position);
  throw new NotParkedError(reaction, position, decided.resumeAfter === position ? 'skipped' : 'retried');
}

/** Lets a key go on, if it waits there: what an operator has decided first counts. */
function resume(parked: Map<string, Parked>, { key, position }: ParkedAt, resumeAfter: number): boolean {
  const known = parked.get(key);
  if (known?.position !== position || known.resumeAfter !== undefined) return false;
  parked.set(key, { ...known, resumeAfter });
  return true;
}
