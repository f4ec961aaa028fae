import { Anchor, Box, Container, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { ConnectionHint } from '../live/connection-hint.js';
import { ColorSchemeButton } from './color-scheme-button.js';
import classes from './shell.module.css';
import { useSite } from './site.js';

interface ShellProps {
  /** Where we can go: a `PlaceLink` for each place. */
  readonly places: ReactNode;
  /** How wide it gets at the most: a size of the theme, or pixels. */
  readonly width?: string | number;
  readonly children: ReactNode;
}

/** The frame of every place: where we can go, and whether we are connected. */
export function Shell({ places, width = 'lg', children }: ShellProps) {
  const { name, home, icon } = useSite();
  return (
    <>
      <button type="button" className={classes.skip} onClick={() => document.querySelector('main')?.focus()}>
        Skip to content
      </button>
      <Box component="header" className={classes.header}>
        <Container size={width} h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap" gap="var(--header-gap, var(--mantine-spacing-md))">
            <Anchor href="#/" className={classes.brand} underline="never" aria-label={`${name}, to ${home}`}>
              <img src={icon} alt="" width={28} height={28} />
              <span className={classes.name}>{name}</span>
            </Anchor>
            <Group component="nav" aria-label="Places" gap="var(--places-gap, 4px)" h="100%" wrap="nowrap">
              {places}
              <ColorSchemeButton />
            </Group>
          </Group>
        </Container>
      </Box>
      <ConnectionHint />
      <Container size={width} component="main" tabIndex={-1} className={classes.main}>
        {children}
      </Container>
    </>
  );
}
