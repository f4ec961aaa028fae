import { MantineProvider } from '@mantine/core';
import { AssortmentPage } from './assortment/assortment-page.js';
import { BasketPage } from './basket/basket-page.js';
import { CounterPage } from './counter/counter-page.js';
import { NoticeArea } from './notice/notice-area.js';
import { MyOrdersPage } from './order/my-orders-page.js';
import { OrderPage } from './order/order-page.js';
import { ProductPage } from './product/product-page.js';
import { useRoute } from './route/route.js';
import { NotFoundPage } from './shell/not-found-page.js';
import { Shell } from './shell/shell.js';
import { theme } from './theme.js';

/** The page: a frame around the place that the address names. */
export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Shell>
        <Place />
      </Shell>
      <NoticeArea />
    </MantineProvider>
  );
}

function Place() {
  const { path } = useRoute();
  const [place, id] = path;
  if (place === undefined) return <AssortmentPage />;
  if (place === 'categories' && id !== undefined) return <AssortmentPage />;
  if (place === 'products' && id !== undefined) return <ProductPage key={id} productId={id} />;
  if (place === 'basket') return <BasketPage />;
  if (place === 'orders') return id === undefined ? <MyOrdersPage /> : <OrderPage key={id} orderId={id} />;
  if (place === 'counter') return <CounterPage />;
  return <NotFoundPage />;
}
