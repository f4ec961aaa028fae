import { MantineProvider, type MantineThemeOverride } from '@mantine/core';
import type { ReactNode } from 'react';
import { NoticeArea } from '../notice/notice-area.js';
import { type Site, SiteContext } from './site.js';

interface PageProps {
  readonly site: Site;
  readonly theme: MantineThemeOverride;
  readonly children: ReactNode;
}

/** The page of an application: how it looks, what is in it, and its notices. */
export function Page({ site, theme, children }: PageProps) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <SiteContext.Provider value={site}>
        {children}
        <NoticeArea />
      </SiteContext.Provider>
    </MantineProvider>
  );
}
