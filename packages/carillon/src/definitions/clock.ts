/** Says what time it is. Everything that needs the time is handed one, so that tests move it by hand. */
export interface Clock {
  (): Date;
  /** Only clocks that are moved by hand: does something when it is time. Returns what takes it back. */
  readonly at?: (time: Date, work: () => void) => () => void;
}

/** The machine's clock. */
export const systemClock: Clock = () => new Date();
