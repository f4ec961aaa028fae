import { Card, Empty, href, Problem } from '@carillon-examples/pages';
import { Anchor, Group, Skeleton, Stack, Text } from '@mantine/core';
import { formatMoney } from '../format/money.js';
import { useLiveQuery } from '../live/shop.js';
import { PriceForm } from './price-form.js';
import { ReceiveForm } from './receive-form.js';
import classes from './shelf-card.module.css';

/** One product as staff see it: how many there are exactly, and what can be done about it. */
export function ShelfCard({ productId }: { productId: string }) {
  const { result: product, isLoading, problem, retry } = useLiveQuery('ProductDetails', { productId });
  if (problem !== undefined) return <Problem what="The product could not be shown" why={problem} onRetry={retry} />;
  if (isLoading) return <Skeleton height={220} radius="lg" role="status" aria-label="Looking at the shelf" />;
  if (product == null) return <Empty title={`There is no product ${productId}`} />;
  const { name, category, price, stock, sold } = product;
  return (
    <Card
      title={name}
      aside={
        <Anchor size="sm" href={href(['products', productId])}>
          Its page
        </Anchor>
      }
    >
      <dl className={classes.facts}>
        <Fact name="On hand">{stock.onHand}</Fact>
        <Fact name="Set aside">{stock.reserved}</Fact>
        <Fact name="Sold">{sold}</Fact>
      </dl>
      <Text size="sm" c="var(--ink-soft)">
        {category} · {productId}
      </Text>
      <Stack gap="md">
        <ReceiveForm productId={productId} name={name} />
        <PriceForm key={formatMoney(price)} productId={productId} name={name} price={price} />
      </Stack>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: number }) {
  return (
    <Group gap={0} className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children.toLocaleString('en')}</dd>
    </Group>
  );
}
