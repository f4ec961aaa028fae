import {
  type AnswerOfQuery,
  type CommandName as CommandNameOf,
  createClient,
  type DataOfCommand,
  type ParamsOfQuery,
  type QueryName as QueryNameOf,
} from 'carillon/client';
import type { kitchen } from '../../src/kitchen.js';

type Kitchen = typeof kitchen;

/** The kitchen, as this page reaches it: where the page itself came from. Its types are those of the definitions. */
export const client = createClient<Kitchen>('/kitchen');

export type CommandName = CommandNameOf<Kitchen>;
export type DataOf<Name extends CommandName> = DataOfCommand<Kitchen, Name>;

export type QueryName = QueryNameOf<Kitchen>;
export type ParamsOf<Name extends QueryName> = ParamsOfQuery<Kitchen, Name>;
export type AnswerOf<Name extends QueryName> = AnswerOfQuery<Kitchen, Name>;
export type ResultOf<Name extends QueryName> = AnswerOf<Name>['result'];
