import { href } from '@carillon-examples/pages';
import { Group, Paper, Text } from '@mantine/core';
import { formatMoney, type Money } from '../format/money.js';
import { Picture } from '../picture/picture.js';
import type { StockLevel } from './product.js';
import classes from './product-card.module.css';
import { StockMark } from './stock-mark.js';

interface ProductCardProps {
  readonly product: {
    readonly productId: string;
    readonly name: string;
    readonly category: string;
    readonly price: Money;
    readonly stockLevel?: StockLevel;
  };
}

/** A product among others, with the way to its page. */
export function ProductCard({ product }: ProductCardProps) {
  const { productId, name, category, price, stockLevel } = product;
  return (
    <Paper component="li" withBorder className={`${classes.card} whole-row`}>
      <Picture name={name} category={category} />
      <div className={classes.words}>
        <a href={href(['products', productId])} className={`${classes.name} row-link quiet-link`}>
          {name}
        </a>
        <Group justify="space-between" gap={6} align="center">
          <Text component="span" className={classes.price}>
            {formatMoney(price)}
          </Text>
          {stockLevel !== undefined && <StockMark level={stockLevel} size="sm" />}
        </Group>
      </div>
    </Paper>
  );
}
