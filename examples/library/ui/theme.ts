import { pageTheme } from '@carillon-examples/pages';
import type { MantineColorsTuple } from '@mantine/core';

/** What titles are set in, on the page and on covers. */
export const serif = "'Iowan Old Style', 'Palatino Linotype', Palatino, 'URW Palladio L', 'P052', Georgia, serif";

/** The green of a reading lamp. Shade 7 on white and shade 3 on dark have a contrast above 4.5. */
const lamp: MantineColorsTuple = [
  '#e9f6f3',
  '#d5e9e4',
  '#a9d3c9',
  '#7bbdae',
  '#55aa97',
  '#3d9e89',
  '#2f9881',
  '#1f7365',
  '#1a6459',
  '#0f4f47',
];

/** Grey with a little paper in it. */
const dark: MantineColorsTuple = [
  '#d5d3ce',
  '#b9b7b1',
  '#96948e',
  '#6b6963',
  '#46453f',
  '#383732',
  '#2b2a27',
  '#201f1d',
  '#191816',
  '#12110f',
];

export const theme = pageTheme({
  colors: { lamp, dark },
  primaryColor: 'lamp',
  headings: { fontFamily: serif, fontWeight: '600' },
});
