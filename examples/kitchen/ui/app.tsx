import { NotFoundPage, Page, PlaceLink, Shell, useRoute } from '@carillon-examples/pages';
import { LastBell } from './bells/last-bell.js';
import { SoundButton } from './bells/sound-button.js';
import { FloorPage } from './floor/floor-page.js';
import { House } from './house/house.js';
import { ListenersPage } from './listeners/listeners-page.js';
import { site } from './site.js';
import { theme } from './theme.js';

/** The page: a frame around the place that the address names. */
export function App() {
  return (
    <Page site={site} theme={theme}>
      <House>
        <Shell places={<Places />} width={1480}>
          <Place />
        </Shell>
        <LastBell />
      </House>
    </Page>
  );
}

function Places() {
  return (
    <>
      <PlaceLink>Floor</PlaceLink>
      <PlaceLink segment="listeners">Who listens</PlaceLink>
      <SoundButton />
    </>
  );
}

function Place() {
  const [place] = useRoute().path;
  if (place === undefined) return <FloorPage />;
  if (place === 'listeners') return <ListenersPage />;
  return <NotFoundPage />;
}
