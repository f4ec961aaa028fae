import {
  type AnswerOfQuery,
  type CommandName as CommandNameOf,
  createClient,
  type DataOfCommand,
  type ParamsOfQuery,
  type QueryName as QueryNameOf,
} from 'carillon/client';
import type { library } from '../../src/library.js';

type Library = typeof library;

/** The library, as this page reaches it: where the page itself came from. Its types are those of the definitions. */
export const client = createClient<Library>('/library');

export type CommandName = CommandNameOf<Library>;
export type DataOf<Name extends CommandName> = DataOfCommand<Library, Name>;

export type QueryName = QueryNameOf<Library>;
export type ParamsOf<Name extends QueryName> = ParamsOfQuery<Library, Name>;
export type AnswerOf<Name extends QueryName> = AnswerOfQuery<Library, Name>;
export type ResultOf<Name extends QueryName> = AnswerOf<Name>['result'];
