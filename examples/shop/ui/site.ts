import type { Site } from '@carillon-examples/pages';
import icon from './icon.svg';

export const site: Site = { name: 'Shop', home: 'the shop window', icon };
