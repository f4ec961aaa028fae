import { Card, goTo, href } from '@carillon-examples/pages';
import { SimpleGrid, Stack } from '@mantine/core';
import { AddProductCard } from './add-product-card.js';
import { ProductField } from './product-field.js';
import { ShelfCard } from './shelf-card.js';
import { SoldOutCard } from './sold-out-card.js';

/** What comes in, what it costs, and what is new in the range. */
export function StockRoom({ productId }: { productId: string | undefined }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
      <Stack gap="lg">
        <Card title="Find a product">
          <ProductField
            productId={productId}
            onChange={(next) => goTo(href(next === undefined ? ['counter'] : ['counter', 'stock', next]))}
          />
        </Card>
        {productId !== undefined && <ShelfCard key={productId} productId={productId} />}
        <AddProductCard />
      </Stack>
      <SoldOutCard />
    </SimpleGrid>
  );
}
