import { pageTheme } from '@carillon-examples/pages';
import type { MantineColorsTuple } from '@mantine/core';

/** The red-brown of copper pans. Shade 7 on white and shade 3 on dark have a contrast above 4.5. */
const copper: MantineColorsTuple = [
  '#fcefe8',
  '#f5ddd0',
  '#ecb99f',
  '#e3946b',
  '#db7541',
  '#d66126',
  '#d45718',
  '#9c3d16',
  '#823211',
  '#66260b',
];

/** The grey of steel in the evening. */
const dark: MantineColorsTuple = [
  '#d8d6d4',
  '#bab7b4',
  '#95928e',
  '#6b6864',
  '#46443f',
  '#393735',
  '#2c2a29',
  '#201f1e',
  '#181716',
  '#11100f',
];

export const theme = pageTheme({
  colors: { copper, dark },
  primaryColor: 'copper',
});
