import type { ResultOf } from '../live/library.js';

/** A title as its page shows it. */
export type Book = NonNullable<ResultOf<'TitleDetails'>>;
