import { Stack, Title } from '@mantine/core';
import { useLiveQuery } from '../live/shop.js';
import classes from './bought-together.module.css';
import { ProductCard } from './product-card.js';

/** What others bought together with a product; until somebody has, what is popular in its category. */
export function BoughtTogether({ productId }: { productId: string }) {
  const { result } = useLiveQuery('BoughtTogether', { productId, limit: 6 }, { live: false });
  const [first] = result ?? [];
  if (result === undefined || first === undefined) return null;
  return (
    <Stack component="section" gap="sm" aria-labelledby="bought-together">
      <Title order={2} size="h3" id="bought-together">
        {first.because === 'same-category' ? `More from ${first.category}` : 'Often bought together'}
      </Title>
      <ul className={classes.products}>
        {result.map((product) => (
          <ProductCard key={product.productId} product={product} />
        ))}
      </ul>
    </Stack>
  );
}
