import { Card, goTo, href, idFrom, notify, Refusal, SendButton } from '@carillon-examples/pages';
import { Autocomplete, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCommand, useLiveQuery } from '../live/shop.js';
import { amountOf, MoneyInput, type Typed } from './money-input.js';

/** In which money the shop reckons. Other programs may add products in any other. */
const currency = 'EUR';

/** Puts a product on offer. */
export function AddProductCard() {
  const [name, setName] = useState('');
  const [category, setCategory] = useState('');
  const [ownId, setOwnId] = useState<string>();
  const [typed, setTyped] = useState<Typed>('');
  const add = useCommand('AddProduct');
  const categories = useLiveQuery('Categories', {}, { live: false }).result ?? [];
  const productId = ownId ?? idFrom(name);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const price = { amount: amountOf(typed, currency), currency };
    if (!(await add.send({ productId, name: name.trim(), category: category.trim(), price }))) return;
    notify(`${name.trim()} is on offer.`);
    setName('');
    setCategory('');
    setOwnId(undefined);
    setTyped('');
    goTo(href(['counter', 'stock', productId]));
  }

  return (
    <Card title="Add a product">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label="Name"
            autoComplete="off"
            value={name}
            error={add.issue('name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Autocomplete
            label="Category"
            data={categories.map((one) => one.category)}
            value={category}
            error={add.issue('category')}
            onChange={setCategory}
          />
          <TextInput
            label="Product id"
            autoComplete="off"
            spellCheck={false}
            value={productId}
            error={add.issue('productId')}
            onChange={(event) => setOwnId(event.currentTarget.value)}
          />
          <MoneyInput label="Price" currency={currency} value={typed} error={add.issue('price')} onChange={setTyped} />
          <Refusal problem={add.problem} />
          <SendButton isPending={add.isPending}>Add product</SendButton>
        </Stack>
      </form>
    </Card>
  );
}
