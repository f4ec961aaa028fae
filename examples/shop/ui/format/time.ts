const days = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const times = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const weekdays = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** The day of an instant, where the reader is: `Dec 14, 2026`. */
export function formatDay(instant: string): string {
  return days.format(new Date(instant));
}

/** An instant where the reader is, to the second: `Dec 14, 09:05:12`. */
export function formatInstant(instant: string): string {
  return times.format(new Date(instant));
}

/** A date without a time on an axis: `2026-12-14` is `Dec 14`. */
export function formatShortDate(isoDate: string): string {
  return weekdays.format(new Date(`${isoDate}T00:00:00Z`));
}
