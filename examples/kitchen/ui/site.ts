import type { Site } from '@carillon-examples/pages';
import icon from './icon.svg';

export const site: Site = { name: 'Kitchen', home: 'the floor', icon };
