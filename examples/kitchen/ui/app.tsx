import { MantineProvider } from '@mantine/core';
import { LastBell } from './bells/last-bell.js';
import { FloorPage } from './floor/floor-page.js';
import { House } from './house/house.js';
import { ListenersPage } from './listeners/listeners-page.js';
import { NoticeArea } from './notice/notice-area.js';
import { useRoute } from './route/route.js';
import { NotFoundPage } from './shell/not-found-page.js';
import { Shell } from './shell/shell.js';
import { theme } from './theme.js';

/** The page: a frame around the place that the address names. */
export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <House>
        <Shell>
          <Place />
        </Shell>
        <LastBell />
      </House>
      <NoticeArea />
    </MantineProvider>
  );
}

function Place() {
  const [place] = useRoute().path;
  if (place === undefined) return <FloorPage />;
  if (place === 'listeners') return <ListenersPage />;
  return <NotFoundPage />;
}
