import { pageTheme } from '@carillon-examples/pages';
import type { MantineColorsTuple } from '@mantine/core';

/** The blue of painted tiles. Shade 7 on white and shade 3 on dark have a contrast above 4.5. */
const delft: MantineColorsTuple = [
  '#edf2fb',
  '#dbe4f4',
  '#b4c8e8',
  '#8babdc',
  '#6891d2',
  '#5180cc',
  '#4478ca',
  '#27539b',
  '#1f4686',
  '#163769',
];

/** Grey with a little of that blue in it. */
const dark: MantineColorsTuple = [
  '#d3d6db',
  '#b5b9c1',
  '#91969f',
  '#666b75',
  '#434853',
  '#353a44',
  '#282c35',
  '#1d2027',
  '#16181e',
  '#0f1115',
];

export const theme = pageTheme({
  colors: { delft, dark },
  primaryColor: 'delft',
});
