import type { RecordedEvent } from '../definitions/event.js';
import type { Log } from '../log/log.js';
import { type Landmark, landmarkOf } from './landmark.js';
import type { Origin } from './published-event.js';
import { type InboxAdvanced, inboxTag } from './relay-events.js';

/** How far an inbox has got. */
export interface InboxProgress {
  /** What its types published up to here is in the log, but for what `behind` says. */
  readonly position: number;
  /**
   * Up to where events are in the log whose types are not consumed, or not for long enough, or were not known to the version of the publisher
   * that sent the others. They come in by being fetched, and in no other way.
   */
  readonly behind: ReadonlyMap<string, number>;
  /** One of the last events that came in, by which it is known whether the publisher's log is still the same. */
  readonly known: Landmark | undefined;
}

/** Reads how far an inbox has got that consumes these types. `isRecorded`: whether the log says so, as it will be read again. */
export async function loadInbox(
  log: Pick<Log, 'read'>,
  module: string,
  types: readonly string[],
): Promise<InboxProgress & { readonly isRecorded: boolean }> {
  const tags = [inboxTag(module)];
  const move = await lastOf(log, { tags });
  // A log that was copied from the publisher's has what happened before the services were parted, at the same positions.
  const last = types.length === 0 ? undefined : await lastOf(log, { types });
  const known = last && landmarkOf(last, module);
  if (move === undefined) {
    return { position: last?.position ?? 0, behind: new Map(), known, isRecorded: false };
  }
  // Recorded before anything came in.
  const recorded = (await lastOf(log, { types: ['carillon:inbox-advanced'], tags })) as RecordedEvent;
  const { types: before, behind: wasBehind } = recorded.data as InboxAdvanced;
  const position = positionOf(move);
  const behind = new Map(Object.entries(wasBehind));
  for (const type of before) if (!types.includes(type)) behind.set(type, behind.get(type) ?? position);
  for (const type of types) if (!before.includes(type) && !behind.has(type)) behind.set(type, 0);
  const isSame = types.length === before.length && types.every((type) => before.includes(type));
  return { position, behind, known, isRecorded: isSame };
}

/** The types that are to be fetched next, and from where; undefined when none is behind. */
export function nextToFetch(
  { behind }: InboxProgress,
  types: readonly string[],
): { readonly types: readonly string[]; readonly after: number } | undefined {
  const late = types.filter((type) => behind.has(type));
  if (late.length === 0) return undefined;
  const after = Math.min(...late.map((type) => behind.get(type) as number));
  return { types: late.filter((type) => behind.get(type) === after), after };
}

/** The same when those types are in the log up to a position. */
export function fetched(progress: InboxProgress, types: readonly string[], through: number): InboxProgress {
  const behind = new Map(progress.behind);
  for (const type of types) {
    if (through >= progress.position) behind.delete(type);
    else behind.set(type, through);
  }
  return { ...progress, behind };
}

/** Those of the types that come in as they are sent, and that a sender does not know: what it sends says nothing of them. */
export function passedOver(
  { behind }: InboxProgress,
  types: readonly string[],
  known: readonly string[] | undefined,
): readonly string[] {
  return known === undefined ? [] : types.filter((type) => !behind.has(type) && !known.includes(type));
}

/** The same when what comes next says nothing of these types. */
export function fallenBehind(progress: InboxProgress, types: readonly string[]): InboxProgress {
  const behind = new Map(progress.behind);
  for (const type of types) behind.set(type, progress.position);
  return { ...progress, behind };
}

function positionOf(move: RecordedEvent): number {
  if (move.type === 'carillon:inbox-advanced') return (move.data as InboxAdvanced).position;
  return (move.metadata['origin'] as Origin).position;
}

async function lastOf(
  log: Pick<Log, 'read'>,
  item: { readonly types?: readonly string[]; readonly tags?: readonly string[] },
): Promise<RecordedEvent | undefined> {
  const [last] = await log.read({ items: [item] }, { backwards: true, limit: 1 });
  return last;
}
