/** An amount in the currency's minor unit, as commands, events and queries carry it. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Money as people write it: `{ amount: 1290, currency: 'EUR' }` is `€12.90`. */
export function formatMoney({ amount, currency }: Money): string {
  const format = formatOf(currency);
  return format.format(amount / 10 ** digitsOf(format));
}

/** The same for the marks of a scale, without the minor unit. */
export function formatRoundMoney({ amount, currency }: Money): string {
  return formatOf(currency, 0).format(amount / minorUnits(currency));
}

/** How many minor units make one: 100 cents in a euro, 1 yen in a yen. */
export function minorUnits(currency: string): number {
  return 10 ** digitsOf(formatOf(currency));
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, digits?: number): Intl.NumberFormat {
  const key = `${currency} ${digits}`;
  let format = formats.get(key);
  if (format === undefined) {
    const options = {
      style: 'currency',
      currency,
      ...(digits !== undefined && { maximumFractionDigits: digits }),
    } as const;
    format = new Intl.NumberFormat('en', options);
    formats.set(key, format);
  }
  return format;
}

function digitsOf(format: Intl.NumberFormat): number {
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
