import type { Log } from '../log/log.js';
import type { LogQuery } from '../log/log-query.js';
import { readAll } from '../log/read-all.js';
import { type RecordedReach, reactionTag, workData, workEvent } from './work-events.js';

/** How far a reaction has got with each type of events. */
export interface Reach {
  /** The types that it is about. */
  readonly types: readonly string[];
  /** Everything up to here is done or parked, but for what `behind` says. */
  readonly position: number;
  /** Up to where that is so of types which a version passed over that is not about them: also those that this one is not about. */
  readonly behind: ReadonlyMap<string, number>;
}

/** The types that a query names. */
export function typesOf({ items }: LogQuery): readonly string[] {
  return [...new Set(items.flatMap(({ types = [] }) => types))];
}

/**
 * How far a version has got that is about these types.
 *
 * @param recorded what was recorded last, by whatever version; one that names no types was about the same ones
 * @param announced from where on each type counts: what was passed over of it before is not made up for
 */
export function reachOf(
  { position, types: before, behind: wasBehind = {} }: RecordedReach,
  types: readonly string[],
  announced: ReadonlyMap<string, number>,
): Reach {
  const had = before ?? types;
  const behind = new Map(Object.entries(wasBehind));
  for (const type of had) if (!types.includes(type) && !behind.has(type)) behind.set(type, position);
  for (const [type, from] of announced) {
    if (!had.includes(type) && !behind.has(type)) behind.set(type, Math.min(from, position));
  }
  return tidied({ types, position, behind });
}

/** How far all of a reaction has got when its slices have got so far. */
export function reachOfAll(parts: readonly Reach[]): Reach {
  const position = Math.min(...parts.map((part) => part.position));
  const late = new Set(parts.flatMap(({ behind }) => [...behind.keys()]));
  const reached = (type: string) => Math.min(...parts.map((part) => part.behind.get(type) ?? part.position));
  const behind = new Map([...late].map((type) => [type, reached(type)]));
  return tidied({ types: [...new Set(parts.flatMap(({ types }) => types))], position, behind });
}

/** Up to where everything is done or parked. */
export function doneThrough({ types, position, behind }: Reach): number {
  return Math.min(position, ...types.map((type) => behind.get(type) ?? position));
}

/** What is recorded of it when everything is done or parked up to a position. */
export function recordOf(reach: Reach, done: number): RecordedReach {
  const { types } = reach;
  const position = Math.max(reach.position, done);
  const late = [...reach.behind].map(([type, after]) => [type, types.includes(type) ? Math.max(after, done) : after]);
  const { behind } = tidied({ types, position, behind: new Map(late as [string, number][]) });
  return behind.size === 0 ? { position, types } : { position, types, behind: Object.fromEntries(behind) };
}

/** Without those that the reaction is about and that are not behind at all. */
function tidied({ types, position, behind }: Reach): Reach {
  const late = [...behind].filter(([type, after]) => !types.includes(type) || after < position);
  return { types, position, behind: new Map(late) };
}

/** From where on each type counts that a reaction was ever about, as far as that is recorded. */
export async function readAnnounced(log: Pick<Log, 'read'>, reaction: string): Promise<ReadonlyMap<string, number>> {
  const announced = new Map<string, number>();
  for await (const event of readAll(log, announcementsOf(reaction))) {
    const started = workData(event, 'carillon:reaction-started');
    const extended = workData(event, 'carillon:reaction-extended');
    for (const type of started?.types ?? extended?.types ?? []) {
      if (!announced.has(type)) announced.set(type, started?.position ?? event.position);
    }
  }
  return announced;
}

/**
 * Records which types a reaction is about, when some are new to it. Processes of a version that is not about them may do its work for a
 * while, and may be the ones that start it; what they pass over from now on is made up for.
 */
export async function announceTypes(log: Log, reaction: string, types: readonly string[]): Promise<void> {
  const announced = await readAnnounced(log, reaction);
  const added = types.filter((type) => !announced.has(type));
  if (added.length === 0) return;
  await log.append([workEvent('carillon:reaction-extended', { reaction, types: added }, [reactionTag(reaction)])]);
}

function announcementsOf(reaction: string): LogQuery {
  const types = ['carillon:reaction-started', 'carillon:reaction-extended'];
  return { items: [{ types, tags: [reactionTag(reaction)] }] };
}
