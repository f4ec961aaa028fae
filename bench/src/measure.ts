/** One figure, and what it is compared with in the same run. */
export interface Figure {
  readonly value: number;
  /** How often it is as large as something else, by the name of that. */
  readonly ratios: { readonly [name: string]: number };
}

/** What a measure may use. */
export interface Bench {
  /** An empty folder on the disk that the data would be on; removed afterwards. */
  folder(): string;
  /** The PostgreSQL server that the peers use, started when it is first asked for. */
  postgres(): Promise<string>;
  /** Says what takes long. */
  note(text: string): void;
}

/** Something that is measured. */
export interface Measure {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** How often it is run; the median counts. Default 3. */
  readonly runs?: number;
  /** What it shall reach: of the value itself, or of a ratio. */
  readonly goals: readonly Goal[];
  /** Why it cannot be measured here, and what would help; undefined when it can. */
  unavailable?(): Promise<string | undefined> | string | undefined;
  run(bench: Bench): Promise<Figure>;
}

/** A bound on the value (`of` left out) or on a ratio. */
export interface Goal {
  readonly of?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** The median of numbers. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The smallest of the values that at least this part of them does not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** How many a second, of something done `count` times. */
export async function perSecond(count: number, work: () => Promise<void> | void): Promise<number> {
  const begun = performance.now();
  await work();
  return count / ((performance.now() - begun) / 1_000);
}

/** Does something `count` times, at most `inFlight` at a time. */
export async function inFlight(
  count: number,
  inFlight: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
