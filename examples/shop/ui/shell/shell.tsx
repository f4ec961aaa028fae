import { Anchor, Box, Container, Group, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { basket, piecesIn } from '../basket/basket.js';
import icon from '../icon.svg';
import { ConnectionHint } from '../live/connection-hint.js';
import { useStore } from '../live/store.js';
import { useRoute } from '../route/route.js';
import { ColorSchemeButton } from './color-scheme-button.js';
import classes from './shell.module.css';

/** The frame of every place: where we can go, and whether we are connected. */
export function Shell({ children }: { children: ReactNode }) {
  const { path } = useRoute();
  const pieces = piecesIn(useStore(basket));
  const places = [
    { name: 'My orders', address: '#/orders', first: 'orders' },
    { name: 'Counter', address: '#/counter', first: 'counter' },
  ];
  return (
    <>
      <button type="button" className={classes.skip} onClick={() => document.querySelector('main')?.focus()}>
        Skip to content
      </button>
      <Box component="header" className={classes.header}>
        <Container size="lg" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap" gap={4}>
            <Anchor href="#/" className={classes.brand} underline="never" aria-label="Shop, to the shop window">
              <img src={icon} alt="" width={28} height={28} />
              <span className={classes.name}>Shop</span>
            </Anchor>
            <Group component="nav" aria-label="Places" gap={0} h="100%" wrap="nowrap">
              {places.map((place) => (
                <a
                  key={place.name}
                  href={place.address}
                  className={classes.place}
                  aria-current={path[0] === place.first ? 'page' : undefined}
                >
                  {place.name}
                </a>
              ))}
              <a href="#/basket" className={classes.place} aria-current={path[0] === 'basket' ? 'page' : undefined}>
                Basket
                {pieces > 0 && (
                  <span className={classes.pieces}>
                    {pieces}
                    <VisuallyHidden>{pieces === 1 ? ' piece' : ' pieces'}</VisuallyHidden>
                  </span>
                )}
              </a>
              <ColorSchemeButton />
            </Group>
          </Group>
        </Container>
      </Box>
      <ConnectionHint />
      <Container size="lg" component="main" tabIndex={-1} className={classes.main}>
        {children}
      </Container>
    </>
  );
}
