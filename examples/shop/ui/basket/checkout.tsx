import { Card, goTo, href, Refusal, SendButton, useStore } from '@carillon-examples/pages';
import { Group, Stack, Text } from '@mantine/core';
import type { FormEvent } from 'react';
import { customerId } from '../customer/customer.js';
import { CustomerField } from '../customer/customer-field.js';
import { formatMoney } from '../format/money.js';
import { useCommand } from '../live/shop.js';
import { basket, emptyBasket } from './basket.js';
import type { KnownProducts } from './basket-lines.js';

/** What it comes to, who orders, and the order itself. */
export function Checkout({ products }: { products: KnownProducts }) {
  const { orderId, lines } = useStore(basket);
  const customer = useStore(customerId);
  const place = useCommand('PlaceOrder');

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await place.send({ orderId, customerId: customer, lines: [...lines] }))) return;
    emptyBasket();
    goTo(href(['orders', orderId]));
  }

  return (
    <Card title="Your order">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {totals(lines, products).map(({ amount, currency }) => (
            <Group key={currency} justify="space-between">
              <Text>Total</Text>
              <Text fz="xl" fw={700} style={{ fontVariantNumeric: 'tabular-nums' }}>
                {formatMoney({ amount, currency })}
              </Text>
            </Group>
          ))}
          <CustomerField
            description={
              <>
                Made up for this browser. To see what can go wrong, let it end in <Ending>-declined</Ending>,{' '}
                <Ending>-silent</Ending> (answers of the bank get lost) or <Ending>-late</Ending>.
              </>
            }
            error={place.issue('customerId')}
          />
          <Refusal problem={place.problem ?? place.issue('lines')} />
          <SendButton size="md" isPending={place.isPending}>
            Place order
          </SendButton>
        </Stack>
      </form>
    </Card>
  );
}

/** What it comes to, in each currency. */
function totals(lines: readonly { productId: string; quantity: number }[], products: KnownProducts) {
  const sums = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    const price = products.find((product) => product.productId === productId)?.price;
    if (price !== undefined) sums.set(price.currency, (sums.get(price.currency) ?? 0) + price.amount * quantity);
  }
  return [...sums].map(([currency, amount]) => ({ currency, amount }));
}

/** The end of an id, in one piece. */
function Ending({ children }: { children: string }) {
  return <b style={{ whiteSpace: 'nowrap' }}>{children}</b>;
}
