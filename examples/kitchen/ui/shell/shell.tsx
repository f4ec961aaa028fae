import { Anchor, Box, Container, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { SoundButton } from '../bells/sound-button.js';
import icon from '../icon.svg';
import { ConnectionHint } from '../live/connection-hint.js';
import { useRoute } from '../route/route.js';
import { ColorSchemeButton } from './color-scheme-button.js';
import classes from './shell.module.css';

const places = [
  { name: 'Floor', address: '#/', owns: (first: string | undefined) => first === undefined },
  { name: 'Who listens', address: '#/listeners', owns: (first: string | undefined) => first === 'listeners' },
];

/** The frame of every place: where we can go, and whether we are connected. */
export function Shell({ children }: { children: ReactNode }) {
  const { path } = useRoute();
  return (
    <>
      <button type="button" className={classes.skip} onClick={() => document.querySelector('main')?.focus()}>
        Skip to content
      </button>
      <Box component="header" className={classes.header}>
        <Container size={1480} h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Anchor href="#/" className={classes.brand} underline="never" aria-label="Kitchen, to the floor">
              <img src={icon} alt="" width={28} height={28} />
              <span className={classes.name}>Kitchen</span>
            </Anchor>
            <Group component="nav" aria-label="Places" gap={4} h="100%" wrap="nowrap">
              {places.map((place) => (
                <a
                  key={place.name}
                  href={place.address}
                  className={classes.place}
                  aria-current={place.owns(path[0]) ? 'page' : undefined}
                >
                  {place.name}
                </a>
              ))}
              <SoundButton />
              <ColorSchemeButton />
            </Group>
          </Group>
        </Container>
      </Box>
      <ConnectionHint />
      <Container size={1480} component="main" tabIndex={-1} className={classes.main}>
        {children}
      </Container>
    </>
  );
}
