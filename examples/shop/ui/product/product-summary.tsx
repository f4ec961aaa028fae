import { PageHeading } from '@carillon-examples/pages';
import { Anchor, Group, Stack, Text } from '@mantine/core';
import { addressOf } from '../assortment/search.js';
import { formatMoney } from '../format/money.js';
import { Picture } from '../picture/picture.js';
import { AddToBasket } from './add-to-basket.js';
import type { Product } from './product.js';
import classes from './product-summary.module.css';
import { StockMark } from './stock-mark.js';

/** The product itself, its price, and the way into the basket. */
export function ProductSummary({ product }: { product: Product }) {
  const { productId, name, category, price, stockLevel } = product;
  return (
    <article className={classes.summary}>
      <div className={classes.picture}>
        <Picture name={name} category={category} />
      </div>
      <Stack gap="lg" className={classes.words}>
        <Stack gap={4}>
          <Anchor href={addressOf({ category })} size="sm" w="fit-content">
            {category}
          </Anchor>
          <PageHeading place={productId}>{name}</PageHeading>
        </Stack>
        <Group gap="md">
          <Text className={classes.price}>{formatMoney(price)}</Text>
          <StockMark level={stockLevel} size="lg" announce />
        </Group>
        <AddToBasket product={product} />
        <Text size="sm" c="var(--ink-soft)">
          Article {productId}
        </Text>
      </Stack>
    </article>
  );
}
