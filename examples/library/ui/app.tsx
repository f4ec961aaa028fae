import { NotFoundPage, Page, PlaceLink, Shell, useRoute } from '@carillon-examples/pages';
import { BookPage } from './book/book-page.js';
import { CataloguePage } from './catalogue/catalogue-page.js';
import { DeskPage } from './desk/desk-page.js';
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
      <PlaceLink also={['titles']}>Catalogue</PlaceLink>
      <PlaceLink segment="desk">Desk</PlaceLink>
    </>
  );
}

function Place() {
  const [place, id] = useRoute().path;
  if (place === undefined) return <CataloguePage />;
  if (place === 'titles' && id !== undefined) return <BookPage key={id} titleId={id} />;
  if (place === 'desk') return <DeskPage />;
  return <NotFoundPage />;
}
