import { type Clock, systemClock } from '../definitions/clock.js';

/** Takes back what was to be done later. */
export type Cancel = () => void;

/** Time and chance, as reactions see them: handed in, so that a simulation decides about both. */
export interface Scheduler {
  readonly clock: Clock;
  /** Does something after a while: the next attempt, the end of an attempt that takes too long. */
  after(delayMs: number, work: () => void): Cancel;
  /** Does something when the clock says that it is time, or soon after: a timer of a process. */
  at(time: Date, work: () => void): Cancel;
  /** From 0 up to, not including, 1. */
  random(): number;
}

/** The longest that a timer of Node can wait, in milliseconds: some 25 days. */
const maxTimerMs = 2 ** 31 - 1;

/** The machine's time and chance. A clock that is moved by hand says itself when it is time. */
export function systemScheduler(clock: Clock = systemClock): Scheduler {
  return {
    clock,
    after: wait,
    at: (time, work) => (clock.at === undefined ? waitUntil(clock, time, work) : clock.at(time, work)),
    random: Math.random,
  };
}

function wait(delayMs: number, work: () => void): Cancel {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
}

/** Looks at the clock again when it rings: waits can be longer than a timer's, and clocks are set. */
function waitUntil(clock: Clock, time: Date, work: () => void): Cancel {
  let timer: NodeJS.Timeout;
  const look = () => {
    const leftMs = time.getTime() - clock().getTime();
    if (leftMs <= 0) work();
    else timer = setTimeout(look, Math.min(leftMs, maxTimerMs));
  };
  timer = setTimeout(look, Math.min(Math.max(0, time.getTime() - clock().getTime()), maxTimerMs));
  return () => clearTimeout(timer);
}
