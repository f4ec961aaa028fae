import { createTheme, type MantineColorsTuple, type MantineThemeOverride } from '@mantine/core';

const sans =
  "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif";

/** What a page looks like in its own way. */
export interface PageThemeOptions {
  /** The colours that `primaryColor` and components name. Shade 7 is what white stands on. */
  readonly colors: Readonly<Record<string, MantineColorsTuple>>;
  readonly primaryColor: string;
  /** Default: the font of everything else, bold. */
  readonly headings?: { readonly fontFamily: string; readonly fontWeight: string };
}

/** The theme of a page: its own colours and headings, and what all pages look like. */
export function pageTheme({ colors, primaryColor, headings }: PageThemeOptions): MantineThemeOverride {
  return createTheme({
    colors,
    primaryColor,
    primaryShade: { light: 7, dark: 7 },
    fontFamily: sans,
    headings: headings ?? { fontFamily: sans, fontWeight: '700' },
    defaultRadius: 'md',
    cursorType: 'pointer',
    focusRing: 'auto',
  });
}
