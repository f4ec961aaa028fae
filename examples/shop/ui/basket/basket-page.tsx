import { dismissAbout, Empty, PageHeading, Problem, useStore } from '@carillon-examples/pages';
import { Anchor, Skeleton, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useLiveQuery } from '../live/shop.js';
import { basket, basketNotice } from './basket.js';
import { BasketLines } from './basket-lines.js';
import classes from './basket-page.module.css';
import { Checkout } from './checkout.js';

/** What is in the basket, at today's prices, and the way to order it. */
export function BasketPage() {
  const { lines } = useStore(basket);
  const productIds = lines.map((line) => line.productId);
  const known = useLiveQuery('ProductsById', lines.length === 0 ? undefined : { productIds });
  const { result: products, problem, retry } = known;

  useEffect(() => dismissAbout(basketNotice), []);

  return (
    <Stack gap="lg">
      <PageHeading place="basket">Basket</PageHeading>
      {lines.length === 0 && (
        <Empty title="Your basket is empty">
          <Text size="sm">
            Find something in the <Anchor href="#/">shop window</Anchor>.
          </Text>
        </Empty>
      )}
      {problem !== undefined && <Problem what="The prices could not be looked up" why={problem} onRetry={retry} />}
      {lines.length > 0 && products === undefined && problem === undefined && (
        <Skeleton height={180} radius="md" role="status" aria-label="Looking up the prices" />
      )}
      {lines.length > 0 && products !== undefined && (
        <div className={classes.columns}>
          <BasketLines lines={lines} products={products} />
          <Checkout products={products} />
        </div>
      )}
    </Stack>
  );
}
