import { notify, useStore } from '@carillon-examples/pages';
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { addToBasket, basket, basketNotice, maxQuantity } from '../basket/basket.js';
import type { Product } from './product.js';
import { QuantityField } from './quantity-field.js';

/** Puts so many pieces of a product into the basket. */
export function AddToBasket({ product }: { product: Product }) {
  const { productId, name, stockLevel } = product;
  const [quantity, setQuantity] = useState(1);
  const there = useStore(basket).lines.find((line) => line.productId === productId)?.quantity ?? 0;

  const add = () => {
    addToBasket(productId, quantity);
    notify(`${quantity === 1 ? name : `${quantity} × ${name}`} is in your basket.`, basketNotice);
    setQuantity(1);
  };

  return (
    <Group gap="sm" align="end">
      <QuantityField label="Quantity" quantity={quantity} onChange={setQuantity} />
      <Button size="md" disabled={stockLevel === 'none' || there >= maxQuantity} onClick={add}>
        {stockLevel === 'none' ? 'Sold out' : 'Add to basket'}
      </Button>
      {there > 0 && (
        <Text size="sm" c="var(--ink-soft)" pb={10}>
          {there} in your basket
        </Text>
      )}
    </Group>
  );
}
