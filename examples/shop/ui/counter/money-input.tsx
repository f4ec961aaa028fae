import { besideField } from '@carillon-examples/pages';
import { NumberInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { minorUnits } from '../format/money.js';

/** An amount as somebody types it: a number, or a text that is none yet, or that ends in a zero. */
export type Typed = number | string;

interface MoneyInputProps {
  readonly label: string;
  readonly currency: string;
  readonly value: Typed;
  readonly error: string | undefined;
  readonly onChange: (value: Typed) => void;
  /** What is done with the amount, beside the field: the form's button. */
  readonly children?: ReactNode;
}

/** A field for an amount, in the currency's major unit: `12.90`. */
export function MoneyInput({ label, currency, children, ...rest }: MoneyInputProps) {
  return (
    <NumberInput
      label={`${label}, in ${currency}`}
      min={0}
      decimalScale={decimalsOf(currency)}
      hideControls
      inputContainer={besideField(children)}
      {...rest}
    />
  );
}

/** What was typed as it is sent, in the currency's minor unit: 1290. Not a number, when it is none. */
export function amountOf(typed: Typed, currency: string): number {
  return typed === '' ? Number.NaN : Math.round(Number(typed) * minorUnits(currency));
}

/** An amount as it would be typed. */
export function typedOf(amount: number, currency: string): Typed {
  return (amount / minorUnits(currency)).toFixed(decimalsOf(currency));
}

function decimalsOf(currency: string): number {
  return Math.round(Math.log10(minorUnits(currency)));
}
