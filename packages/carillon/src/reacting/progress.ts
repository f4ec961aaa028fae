import type { StartsAt } from '../definitions/reaction.js';
import type { Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import { readAll } from '../log/read-all.js';
import { NotParkedError } from './reacting-errors.js';
import { isInSlice, type Slice, slices } from './slice.js';
import { reactionTag, sliceTag, workData, workEvent } from './work-events.js';

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
  readonly position: number;
  readonly parked: Map<string, Parked>;
}

const parkingTypes = [
  'carillon:event-parked',
  'carillon:event-retried',
  'carillon:event-skipped',
  'carillon:key-resumed',
] as const;

/** Reads how far a reaction has got, or one slice of it. One that was never started is recorded as started. */
export async function loadProgress(log: Log, reaction: string, startsAt: StartsAt, slice?: Slice): Promise<Progress> {
  const progress = await readProgress(log, reaction, slice);
  if (progress !== undefined) return progress;
  const position = startsAt === 'now' ? await log.head() : 0;
  const tags = [reactionTag(reaction)];
  const started = { items: [{ types: ['carillon:reaction-started'], tags }] };
  try {
    const condition = { failIfEventsMatch: started };
    await log.append([workEvent('carillon:reaction-started', { reaction, position }, tags)], condition);
    return { position, parked: new Map() };
  } catch (error) {
    // Another process, which does another slice of it, was first: all begin where that one says.
    const recorded = error instanceof AppendConditionError && (await readProgress(log, reaction, slice));
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
  const position = await readPosition(log, reaction, slice);
  if (position === undefined) return undefined;
  const parked = await readParked(log, reaction);
  for (const key of [...parked.keys()]) if (!isInSlice(key, slice)) parked.delete(key);
  return { position, parked };
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

/** What was recorded last counts: of the slice, or of the reaction as a whole. The whole is where its last slice is. */
async function readPosition(log: Pick<Log, 'read'>, reaction: string, slice?: Slice): Promise<number | undefined> {
  const whole = await lastMove(log, reactionTag(reaction));
  if (whole === undefined) return undefined;
  const indexes = slice === undefined ? slices.map(({ index }) => index) : [slice.index];
  const moves = await Promise.all(indexes.map((index) => lastMove(log, sliceTag(reaction, index))));
  const positions = moves.map((own) => (own !== undefined && own.recordedAt > whole.recordedAt ? own : whole).position);
  return Math.min(...positions);
}

interface Move {
  readonly position: number;
  /** Where in the log it was recorded. */
  readonly recordedAt: number;
}

async function lastMove(log: Pick<Log, 'read'>, tag: string): Promise<Move | undefined> {
  const moves = { items: [{ types: ['carillon:reaction-started', 'carillon:reaction-advanced'], tags: [tag] }] };
  const [last] = await log.read(moves, { backwards: true, limit: 1 });
  return last && { position: (last.data as { position: number }).position, recordedAt: last.position };
}

async function readParked(log: Pick<Log, 'read'>, reaction: string): Promise<Map<string, Parked>> {
  const parked = new Map<string, Parked>();
  const query = { items: [{ types: parkingTypes, tags: [reactionTag(reaction)] }] };
  for await (const event of readAll(log, query)) {
    const added = workData(event, 'carillon:event-parked');
    if (added !== undefined) {
      const { reaction: _, ...rest } = added;
      parked.set(added.key, { ...rest, parkedAt: event.recordedAt, resumeAfter: undefined });
    }
    const retried = workData(event, 'carillon:event-retried');
    if (retried !== undefined) resume(parked, retried.key, retried.position, retried.position - 1);
    const skipped = workData(event, 'carillon:event-skipped');
    if (skipped !== undefined) resume(parked, skipped.key, skipped.position, skipped.position);
    const resumed = workData(event, 'carillon:key-resumed');
    if (resumed !== undefined && parked.get(resumed.key)?.position === resumed.position) parked.delete(resumed.key);
  }
  return parked;
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

function resume(parked: Map<string, Parked>, key: string, position: number, resumeAfter: number): void {
  const known = parked.get(key);
  if (known?.position === position) parked.set(key, { ...known, resumeAfter });
}
