import type { Site } from '@carillon-examples/pages';
import icon from './icon.svg';

export const site: Site = { name: 'Library', home: 'the catalogue', icon };
