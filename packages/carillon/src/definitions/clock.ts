/** Says what time it is. Everything that needs the time is handed one, so that tests move it by hand. */
export type Clock = () => Date;

/** The machine's clock. */
export const systemClock: Clock = () => new Date();
