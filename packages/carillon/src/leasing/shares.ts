/** A piece of work that one member does at a time. */
export interface Unit {
  readonly name: string;
  /** Units of one group are the parts of one thing: they go to different members where there are several. */
  readonly group: string;
}

/** What a member should do next about its leases. */
export interface Plan {
  readonly release: readonly string[];
  /** Those that it may take if they are free, the best first. */
  readonly acquire: readonly string[];
}

/** What a plan is made from. */
export interface Situation {
  readonly units: readonly Unit[];
  /** The units that this member holds. */
  readonly held: ReadonlySet<string>;
  /** The units that nobody holds. */
  readonly free: ReadonlySet<string>;
  /** Units that have been free for so long that whoever can should take them, whatever is fair. */
  readonly abandoned: ReadonlySet<string>;
  /** How many members share the work, this one among them. */
  readonly members: number;
}

/**
 * A fair share, for each member by itself: no more than its part of all units, and no more than its part of each group.
 * Members that follow the same plan end with shares that differ by one unit at most, and then nothing moves any more.
 */
export function plan({ units, held, free, abandoned, members }: Situation): Plan {
  const limit = fairLimits(units, members);
  const mine = new Map<string, number>();
  const kept = new Set<string>();
  const release: string[] = [];
  for (const unit of units) {
    if (!held.has(unit.name)) continue;
    const count = mine.get(unit.group) ?? 0;
    if (kept.size >= limit.all || count >= limit.of(unit.group)) release.push(unit.name);
    else {
      kept.add(unit.name);
      mine.set(unit.group, count + 1);
    }
  }
  const acquire: string[] = [];
  const candidates = units.filter(({ name }) => free.has(name) && !held.has(name));
  // Of groups of which it has least first: parts of one thing spread out.
  candidates.sort((one, other) => (mine.get(one.group) ?? 0) - (mine.get(other.group) ?? 0));
  for (const { name, group } of candidates) {
    const count = mine.get(group) ?? 0;
    const isFair = kept.size + acquire.length < limit.all && count < limit.of(group);
    if (!isFair && !abandoned.has(name)) continue;
    acquire.push(name);
    mine.set(group, count + 1);
  }
  return { release, acquire };
}

function fairLimits(units: readonly Unit[], members: number): { readonly all: number; of(group: string): number } {
  const sizes = new Map<string, number>();
  for (const { group } of units) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return {
    all: Math.ceil(units.length / members),
    of: (group) => Math.ceil((sizes.get(group) ?? 0) / members),
  };
}
