/** When something was asked for and when the answer came, on one clock for all processes, in milliseconds. */
export interface Interval {
  readonly begun: number;
  readonly ended: number;
}

/** No event with the tag may be beyond the position. */
export interface TagCondition {
  readonly tag: string;
  readonly after: number;
}

/** An append that was acknowledged. */
export interface AppendedOperation extends Interval {
  readonly kind: 'appended';
  readonly by: string;
  readonly ids: readonly string[];
  readonly first: number;
  readonly last: number;
  readonly condition?: TagCondition;
}

/** An append whose condition failed, because of the event at the position `conflict`. */
export interface RefusedOperation extends Interval {
  readonly kind: 'refused';
  readonly by: string;
  readonly condition: TagCondition;
  readonly conflict: number;
}

/** What a process found of a tag: everything up to `position` is known to it. */
export interface LoadedOperation extends Interval {
  readonly kind: 'loaded';
  readonly by: string;
  readonly tag: string;
  readonly position: number;
  readonly found: readonly number[];
}

export type Operation = AppendedOperation | RefusedOperation | LoadedOperation;

/** An event as the reader got it. */
export interface SeenEvent {
  readonly position: number;
  readonly id: string;
  readonly tags: readonly string[];
}

/**
 * Says what is wrong with a history of appends, in sentences; nothing when it is right: when the operations can be put in one order, that of
 * the positions, in which each comes to what it came to, and which is also the order of time of those that did not overlap.
 *
 * @param seen every event in the order in which a reader that was never away got them, until the end
 * @param operations what every process did, in any order; every append is among them
 */
export function problemsOf(seen: readonly SeenEvent[], operations: readonly Operation[]): string[] {
  const appended = operations.filter((one) => one.kind === 'appended').sort((one, two) => one.first - two.first);
  const log = new SeenLog(seen, appended);
  return [
    ...gaps(seen),
    ...unacknowledged(seen, appended),
    ...timeTravel(appended),
    ...operations.flatMap((one) => {
      if (one.kind === 'appended') return log.problemsOfAppended(one);
      return one.kind === 'refused' ? log.problemsOfRefused(one) : log.problemsOfLoaded(one);
    }),
    ...forgetful(operations),
  ];
}

function gaps(seen: readonly SeenEvent[]): string[] {
  return seen.flatMap(({ position }, index) =>
    position === index + 1 ? [] : [`The reader got position ${position} where ${index + 1} belongs.`],
  );
}

/** Every event is there because of one append. */
function unacknowledged(seen: readonly SeenEvent[], appended: readonly AppendedOperation[]): string[] {
  const ids = appended.flatMap((one) => one.ids);
  const known = new Set(ids);
  const there = new Set(seen.map(({ id }) => id));
  return [
    ...ids.filter((id) => !there.has(id)).map((id) => `Event ${id} was acknowledged, and is not there.`),
    ...seen.filter(({ id }) => !known.has(id)).map(({ id, position }) => `Nobody appended ${id}, at ${position}.`),
    ...(there.size === seen.length ? [] : [`${seen.length - there.size} events are there twice.`]),
  ];
}

/** What was over before something else began has the earlier position. */
function timeTravel(appended: readonly AppendedOperation[]): string[] {
  const problems: string[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const { begun, ended, by, first } of appended) {
    if (ended < latest) problems.push(`${by} had appended at ${first} before something at an earlier position began.`);
    latest = Math.max(latest, begun);
  }
  return problems;
}

/** Nobody knows less than before, nor less than what he has appended himself. */
function forgetful(operations: readonly Operation[]): string[] {
  const problems: string[] = [];
  const known = new Map<string, { readonly ended: number; readonly position: number }[]>();
  for (const one of [...operations].sort((two, three) => two.ended - three.ended)) {
    const before = known.get(one.by) ?? [];
    known.set(one.by, before);
    const newest = before.at(-1)?.position ?? 0;
    if (one.kind === 'loaded') {
      const atBegin = knownBefore(before, one.begun);
      if (one.position < atBegin) problems.push(`${one.by} loaded up to ${one.position} and knew ${atBegin} before.`);
    }
    if (one.kind === 'refused') continue;
    const position = one.kind === 'loaded' ? one.position : one.last;
    before.push({ ended: one.ended, position: Math.max(newest, position) });
  }
  return problems;
}

/** The newest position that was known at a time: what is known is in the order of time, and only grows. */
function knownBefore(known: readonly { readonly ended: number; readonly position: number }[], time: number): number {
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (known[middle]!.ended < time) low = middle + 1;
    else high = middle;
  }
  return known[low - 1]?.position ?? 0;
}

/** What the reader got, by position and by tag, and when it was appended. */
class SeenLog {
  readonly #idAt: ReadonlyMap<number, string>;
  readonly #tagged = new Map<string, number[]>();
  readonly #begunAt = new Map<number, number>();

  constructor(seen: readonly SeenEvent[], appended: readonly AppendedOperation[]) {
    this.#idAt = new Map(seen.map(({ position, id }) => [position, id]));
    for (const { position, tags } of seen) {
      for (const tag of tags) {
        const positions = this.#tagged.get(tag) ?? [];
        this.#tagged.set(tag, positions);
        positions.push(position);
      }
    }
    for (const { first, last, begun } of appended) {
      for (let position = first; position <= last; position++) {
        this.#begunAt.set(position, begun);
      }
    }
  }

  problemsOfAppended({ by, ids, first, last, condition }: AppendedOperation): string[] {
    const problems: string[] = [];
    const there = ids.map((_, index) => this.#idAt.get(first + index));
    if (last - first + 1 !== ids.length || ids.some((id, index) => there[index] !== id)) {
      problems.push(`${by} appended ${ids.join(', ')} at ${first} to ${last}; there are ${there.join(', ')}.`);
    }
    if (condition !== undefined) {
      const [unseen] = this.#between(condition.tag, condition.after, first);
      if (unseen !== undefined) {
        const { tag, after } = condition;
        problems.push(`${by} appended at ${first} unless ${tag} was beyond ${after}, and it was at ${unseen}.`);
      }
    }
    return problems;
  }

  problemsOfRefused({ by, condition: { tag, after }, conflict, ended }: RefusedOperation): string[] {
    if (conflict <= after || !this.#between(tag, conflict - 1, conflict + 1).includes(conflict)) {
      return [`${by} was refused because of ${tag} at ${conflict}, beyond ${after}: it is not there.`];
    }
    const begun = this.#begunAt.get(conflict) ?? Number.NEGATIVE_INFINITY;
    return begun <= ended ? [] : [`${by} was refused because of ${conflict}, which was appended later.`];
  }

  problemsOfLoaded({ by, tag, position, found, ended }: LoadedOperation): string[] {
    const there = this.#between(tag, 0, position + 1);
    if (there.length === found.length && there.every((one, index) => one === found[index])) {
      const early = found.find((one) => (this.#begunAt.get(one) ?? Number.NEGATIVE_INFINITY) > ended);
      return early === undefined ? [] : [`${by} found ${tag} at ${early} before it was appended.`];
    }
    return [`${by} found ${tag} up to ${position} at ${found.join(', ')}; it is at ${there.join(', ')}.`];
  }

  /** Where a tag is between two positions, both excluded. */
  #between(tag: string, after: number, before: number): number[] {
    return (this.#tagged.get(tag) ?? []).filter((position) => position > after && position < before);
  }
}
