/** A year as people write it: `1997`, `750 BC`. */
export function formatYear(year: number): string {
  return year < 0 ? `${-year} BC` : String(year);
}
