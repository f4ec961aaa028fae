import { livePages, type ResultOf as ResultOfQuery } from '@carillon-examples/pages';
import type { QueryName } from 'carillon/client';
import type { shop } from '../../src/shop.js';

export type Shop = typeof shop;

/** The shop, as this page reaches it: where the page itself came from. Its types are those of the definitions. */
export const { useCommand, useLiveQuery } = livePages<Shop>('shop');

/** What a query of the shop answers. */
export type ResultOf<Name extends QueryName<Shop>> = ResultOfQuery<Shop, Name>;
