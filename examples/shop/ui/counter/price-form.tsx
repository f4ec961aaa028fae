import { notify, Refusal, SendButton } from '@carillon-examples/pages';
import { Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { formatMoney, type Money } from '../format/money.js';
import { useCommand } from '../live/shop.js';
import { amountOf, MoneyInput, typedOf } from './money-input.js';

/** Changes what a product costs. */
export function PriceForm({ productId, name, price }: { productId: string; name: string; price: Money }) {
  const [typed, setTyped] = useState(() => typedOf(price.amount, price.currency));
  const change = useCommand('ChangePrice');

  async function submit(event: FormEvent) {
    event.preventDefault();
    const next = { amount: amountOf(typed, price.currency), currency: price.currency };
    if (!(await change.send({ productId, price: next }))) return;
    notify(`${name} costs ${formatMoney(next)} now.`);
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="xs">
        <MoneyInput
          label="Price"
          currency={price.currency}
          value={typed}
          error={change.issue('price')}
          onChange={(next) => {
            setTyped(next);
            change.clear();
          }}
        >
          <SendButton variant="default" isPending={change.isPending}>
            Change price
          </SendButton>
        </MoneyInput>
        <Refusal problem={change.problem} />
      </Stack>
    </form>
  );
}
