const days = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A date without a time, as people write it: `2026-12-14` is `Dec 14, 2026`. */
export function formatDate(isoDate: string): string {
  return days.format(new Date(`${isoDate}T00:00:00Z`));
}
