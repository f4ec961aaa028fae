import { livePages, type ResultOf as ResultOfQuery } from '@carillon-examples/pages';
import type { QueryName } from 'carillon/client';
import type { kitchen } from '../../src/kitchen.js';

export type Kitchen = typeof kitchen;

/** The kitchen, as this page reaches it: where the page itself came from. Its types are those of the definitions. */
export const { useCommand, useLiveQuery, useTell } = livePages<Kitchen>('kitchen');

/** What a query of the kitchen answers. */
export type ResultOf<Name extends QueryName<Kitchen>> = ResultOfQuery<Kitchen, Name>;
