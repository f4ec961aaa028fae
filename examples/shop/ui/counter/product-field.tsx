import { Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useLiveQuery } from '../live/shop.js';

interface ProductFieldProps {
  readonly productId: string | undefined;
  readonly onChange: (productId: string | undefined) => void;
}

/** Finds a product while somebody types. */
export function ProductField({ productId, onChange }: ProductFieldProps) {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 150);
  const known = useLiveQuery('ProductDetails', productId === undefined ? undefined : { productId }, { live: false });
  const chosen = known.result;
  const isSearch = text !== '' && text !== chosen?.name;
  const search = useLiveQuery('SearchProducts', isSearch ? { text, limit: 8 } : undefined, { live: false });

  const found = search.result?.items ?? [];
  const isListed = chosen == null || found.some((one) => one.productId === chosen.productId);
  const products = isListed ? found : [chosen, ...found];

  return (
    <Select
      label="Product"
      placeholder="Name or category"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Clear the product' }}
      nothingFoundMessage={
        search.isLoading ? 'Searching…' : isSearch ? 'No product is called that' : 'Type a few letters'
      }
      data={products.map((one) => ({ value: one.productId, label: one.name }))}
      filter={({ options }) => options}
      value={productId ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(next) => onChange(next ?? undefined)}
      renderOption={({ option }) => (
        <div>
          {option.label}
          <Text size="xs" c="var(--ink-soft)">
            {option.value}
          </Text>
        </div>
      )}
    />
  );
}
