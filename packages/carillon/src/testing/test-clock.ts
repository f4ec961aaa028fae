import type { Clock } from '../definitions/clock.js';
import { type Duration, toMs } from '../definitions/duration.js';

/** A clock that stands still until it is moved. Timers that are due then fire. */
export interface TestClock extends Clock {
  /** Moves it on. */
  later(duration: Duration): void;
  /** Sets it. */
  set(time: Date | string): void;
}

/** When tests take place unless they say otherwise. */
export const testTime = '2026-01-01T12:00:00Z';

/**
 * A clock that stands still until it is moved.
 *
 * @param time where it stands first; default 2026-01-01, 12:00 UTC
 */
export function testClock(time: Date | string = testTime): TestClock {
  let now = toDate(time);
  const alarms = new Set<{ readonly time: Date; readonly work: () => void }>();
  const moveTo = (to: Date) => {
    now = to;
    const due = [...alarms].filter((alarm) => alarm.time <= now).sort((one, other) => +one.time - +other.time);
    for (const alarm of due) if (alarms.delete(alarm)) alarm.work();
  };
  return Object.assign(() => new Date(now), {
    later: (duration: Duration) => moveTo(new Date(now.getTime() + toMs(duration))),
    set: (to: Date | string) => moveTo(toDate(to)),
    at: (time: Date, work: () => void) => {
      const alarm = { time, work };
      alarms.add(alarm);
      // Not within the call: who asks is not ready to be called yet.
      if (time <= now) queueMicrotask(() => alarms.delete(alarm) && work());
      return () => alarms.delete(alarm);
    },
  });
}

function toDate(time: Date | string): Date {
  const date = new Date(time);
  if (Number.isNaN(date.getTime()))
    throw new RangeError(`"${time}" is no time: use ISO 8601, as in 2026-03-01T10:00:00Z.`);
  return date;
}
