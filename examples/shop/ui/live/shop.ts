import {
  type AnswerOfQuery,
  type CommandName as CommandNameOf,
  createClient,
  type DataOfCommand,
  type ParamsOfQuery,
  type QueryName as QueryNameOf,
} from 'carillon/client';
import type { shop } from '../../src/shop.js';

type Shop = typeof shop;

/** The shop, as this page reaches it: where the page itself came from. Its types are those of the definitions. */
export const client = createClient<Shop>('/shop');

export type CommandName = CommandNameOf<Shop>;
export type DataOf<Name extends CommandName> = DataOfCommand<Shop, Name>;

export type QueryName = QueryNameOf<Shop>;
export type ParamsOf<Name extends QueryName> = ParamsOfQuery<Shop, Name>;
export type AnswerOf<Name extends QueryName> = AnswerOfQuery<Shop, Name>;
export type ResultOf<Name extends QueryName> = AnswerOf<Name>['result'];
