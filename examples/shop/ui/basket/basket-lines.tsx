import { href } from '@carillon-examples/pages';
import { CloseButton, Group, Paper, Stack, Text } from '@mantine/core';
import { formatMoney } from '../format/money.js';
import type { ResultOf } from '../live/shop.js';
import { Picture } from '../picture/picture.js';
import { QuantityField } from '../product/quantity-field.js';
import { StockMark } from '../product/stock-mark.js';
import { type BasketLine, setQuantity } from './basket.js';
import classes from './basket-lines.module.css';

/** Products that are known, with their prices now. */
export type KnownProducts = ResultOf<'ProductsById'>;

/** What is in the basket, line by line. */
export function BasketLines({ lines, products }: { lines: readonly BasketLine[]; products: KnownProducts }) {
  return (
    <Stack component="ul" gap="xs" className={classes.lines} aria-label="What is in the basket">
      {lines.map(({ productId, quantity }) => {
        const product = products.find((one) => one.productId === productId);
        const name = product?.name ?? productId;
        return (
          <Paper component="li" key={productId} withBorder className={classes.line}>
            <div className={classes.picture}>
              <Picture name={name} category={product?.category ?? ''} />
            </div>
            <Stack gap={4} className={classes.words}>
              <a href={href(['products', productId])} className={`${classes.name} quiet-link`}>
                {name}
              </a>
              <Group gap="xs">
                {product === undefined ? (
                  <Text size="sm">No longer in the shop</Text>
                ) : (
                  <Text size="sm" c="var(--ink-soft)">
                    {formatMoney(product.price)} each
                  </Text>
                )}
                {(product?.stockLevel === 'few' || product?.stockLevel === 'none') && (
                  <StockMark level={product.stockLevel} size="sm" />
                )}
              </Group>
            </Stack>
            <div className={classes.count}>
              <QuantityField
                label={`Quantity of ${name}`}
                isLabelHidden
                quantity={quantity}
                onChange={(next) => setQuantity(productId, next)}
              />
              <Text className={classes.sum}>
                {product !== undefined &&
                  formatMoney({ amount: product.price.amount * quantity, currency: product.price.currency })}
              </Text>
              <CloseButton aria-label={`Take ${name} out of the basket`} onClick={() => setQuantity(productId, 0)} />
            </div>
          </Paper>
        );
      })}
    </Stack>
  );
}
