import { besideField, notify, Refusal, SendButton } from '@carillon-examples/pages';
import { NumberInput, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCommand } from '../live/shop.js';

/** Puts pieces of a product on the shelf. */
export function ReceiveForm({ productId, name }: { productId: string; name: string }) {
  const [quantity, setQuantity] = useState<number | string>(20);
  const receive = useCommand('ReceiveStock');

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await receive.send({ productId, quantity: Number(quantity) }))) return;
    notify(`${Number(quantity).toLocaleString('en')} × ${name} came in.`);
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="xs">
        <NumberInput
          label="Pieces that came in"
          min={1}
          allowDecimal={false}
          value={quantity}
          error={receive.issue('quantity')}
          inputContainer={besideField(<SendButton isPending={receive.isPending}>Receive</SendButton>)}
          onChange={(next) => {
            setQuantity(next);
            receive.clear();
          }}
        />
        <Refusal problem={receive.problem} />
      </Stack>
    </form>
  );
}
