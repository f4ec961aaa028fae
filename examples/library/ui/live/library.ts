import { livePages, type ResultOf as ResultOfQuery } from '@carillon-examples/pages';
import type { QueryName } from 'carillon/client';
import type { library } from '../../src/library.js';

export type Library = typeof library;

/** The library, as this page reaches it: where the page itself came from. Its types are those of the definitions. */
export const { useCommand, useLiveQuery } = livePages<Library>('library');

/** What a query of the library answers. */
export type ResultOf<Name extends QueryName<Library>> = ResultOfQuery<Library, Name>;
