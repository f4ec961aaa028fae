/** A calendar date as `YYYY-MM-DD` (ISO 8601). Such dates compare with `<` and `>` as strings do. */
export type IsoDate = string;

/** The current date in the application's time zone. */
export class Today {
  readonly iso: IsoDate;

  constructor(iso: IsoDate) {
    this.iso = iso;
  }

  /** The date `days` later; earlier when negative. */
  plusDays(days: number): IsoDate {
    const [year, month, day] = this.iso.split('-').map(Number);
    return new Date(Date.UTC(year!, month! - 1, day! + days)).toISOString().slice(0, 10);
  }

  toString(): IsoDate {
    return this.iso;
  }

  toJSON(): IsoDate {
    return this.iso;
  }
}

/** Makes a function that says which date it is, in one time zone, at an instant. Formats once a minute at most. */
export function calendar(timeZone: string): (now: Date) => Today {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  let minute = Number.NaN;
  let today = new Today('1970-01-01');
  return (now) => {
    const current = Math.floor(now.getTime() / 60_000);
    if (current !== minute) {
      minute = current;
      const parts = Object.fromEntries(format.formatToParts(now).map((part) => [part.type, part.value]));
      today = new Today(`${parts['year']}-${parts['month']}-${parts['day']}`);
    }
    return today;
  };
}
