import type { StartsAt } from '../definitions/reaction.js';
import type { Log } from '../log/log.js';
import { readAll } from '../log/read-all.js';
import { reactionTag, workData, workEvent } from './work-events.js';

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

/** Reads how far a reaction has got. One that was never started is recorded as started. */
export async function loadProgress(log: Log, reaction: string, startsAt: StartsAt): Promise<Progress> {
  const progress = await readProgress(log, reaction);
  if (progress !== undefined) return progress;
  const position = startsAt === 'now' ? await log.head() : 0;
  await log.append([workEvent('carillon:reaction-started', { reaction, position }, [reactionTag(reaction)])]);
  return { position, parked: new Map() };
}

/** Reads how far a reaction has got, as it was last recorded; undefined when it was never started. */
export async function readProgress(log: Pick<Log, 'read'>, reaction: string): Promise<Progress | undefined> {
  const tags = [reactionTag(reaction)];
  const moves = { items: [{ types: ['carillon:reaction-started', 'carillon:reaction-advanced'], tags }] };
  const [last] = await log.read(moves, { backwards: true, limit: 1 });
  if (last === undefined) return undefined;
  const parked = new Map<string, Parked>();
  for await (const event of readAll(log, { items: [{ types: parkingTypes, tags }] })) {
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
  return { position: (last.data as { position: number }).position, parked };
}

function resume(parked: Map<string, Parked>, key: string, position: number, resumeAfter: number): void {
  const known = parked.get(key);
  if (known?.position === position) parked.set(key, { ...known, resumeAfter });
}
