import { NumberInput } from '@mantine/core';
import { minorUnits } from '../format/money.js';

interface MoneyInputProps {
  readonly label: string;
  readonly currency: string;
  /** In the currency's minor unit; undefined while nothing is typed. */
  readonly amount: number | undefined;
  readonly error: string | undefined;
  readonly onChange: (amount: number | undefined) => void;
}

/** An amount as people type it, `12.90`, and as it is sent: 1290. */
export function MoneyInput({ label, currency, amount, error, onChange }: MoneyInputProps) {
  const units = minorUnits(currency);
  return (
    <NumberInput
      flex={1}
      label={`${label}, in ${currency}`}
      min={0}
      decimalScale={Math.round(Math.log10(units))}
      fixedDecimalScale
      hideControls
      value={amount === undefined ? '' : amount / units}
      error={error}
      onChange={(next) => onChange(typeof next === 'number' ? Math.round(next * units) : undefined)}
    />
  );
}
