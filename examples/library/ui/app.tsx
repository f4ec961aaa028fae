import { MantineProvider } from '@mantine/core';
import { BookPage } from './book/book-page.js';
import { CataloguePage } from './catalogue/catalogue-page.js';
import { DeskPage } from './desk/desk-page.js';
import { NoticeArea } from './notice/notice-area.js';
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
  if (place === undefined) return <CataloguePage />;
  if (place === 'titles' && id !== undefined) return <BookPage key={id} titleId={id} />;
  if (place === 'desk') return <DeskPage />;
  return <NotFoundPage />;
}
