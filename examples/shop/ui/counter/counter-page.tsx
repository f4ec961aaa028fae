import { NotFoundPage, PageHeading, useRoute } from '@carillon-examples/pages';
import { Stack } from '@mantine/core';
import { CounterNav } from './counter-nav.js';
import { CustomersRoom } from './customers-room.js';
import { SalesRoom } from './sales-room.js';
import { StockRoom } from './stock-room.js';

/** Behind the counter, where the shop's people work: stock and prices, sales, what is going on. */
export function CounterPage() {
  const { path } = useRoute();
  const [, room = 'stock', productId] = path;
  if (room !== 'stock' && room !== 'sales' && room !== 'customers') return <NotFoundPage />;
  return (
    <Stack gap="lg">
      <PageHeading place={`counter ${room}`}>Behind the counter</PageHeading>
      <CounterNav room={room} />
      {room === 'stock' && <StockRoom productId={productId} />}
      {room === 'sales' && <SalesRoom />}
      {room === 'customers' && <CustomersRoom />}
    </Stack>
  );
}
