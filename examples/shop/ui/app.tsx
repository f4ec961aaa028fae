import { NotFoundPage, Page, PlaceLink, Shell, useRoute } from '@carillon-examples/pages';
import { AssortmentPage } from './assortment/assortment-page.js';
import { BasketLink } from './basket/basket-link.js';
import { BasketPage } from './basket/basket-page.js';
import { CounterPage } from './counter/counter-page.js';
import { MyOrdersPage } from './order/my-orders-page.js';
import { OrderPage } from './order/order-page.js';
import { ProductPage } from './product/product-page.js';
import { site } from './site.js';
import { theme } from './theme.js';

/** The page: a frame around the place that the address names. */
export function App() {
  return (
    <Page site={site} theme={theme}>
      <Shell places={<Places />}>
        <Place />
      </Shell>
    </Page>
  );
}

function Places() {
  return (
    <>
      <PlaceLink segment="orders">My orders</PlaceLink>
      <PlaceLink segment="counter">Counter</PlaceLink>
      <BasketLink />
    </>
  );
}

function Place() {
  const [place, id] = useRoute().path;
  if (place === undefined) return <AssortmentPage />;
  if (place === 'categories' && id !== undefined) return <AssortmentPage />;
  if (place === 'products' && id !== undefined) return <ProductPage key={id} productId={id} />;
  if (place === 'basket') return <BasketPage />;
  if (place === 'orders') return id === undefined ? <MyOrdersPage /> : <OrderPage key={id} orderId={id} />;
  if (place === 'counter') return <CounterPage />;
  return <NotFoundPage />;
}
