import { NumberInput } from '@mantine/core';
import { maxQuantity } from '../basket/basket.js';

interface QuantityFieldProps {
  readonly label: string;
  /** Whether the label is only for screen readers. */
  readonly isLabelHidden?: boolean;
  readonly quantity: number;
  readonly onChange: (quantity: number) => void;
}

/** How many pieces of a product. */
export function QuantityField({ label, isLabelHidden = false, quantity, onChange }: QuantityFieldProps) {
  return (
    <NumberInput
      w={86}
      size="md"
      {...(isLabelHidden ? { 'aria-label': label } : { label })}
      min={1}
      max={maxQuantity}
      clampBehavior="strict"
      allowDecimal={false}
      allowNegative={false}
      value={quantity}
      onChange={(next) => {
        if (typeof next === 'number' && next >= 1) onChange(next);
      }}
    />
  );
}
