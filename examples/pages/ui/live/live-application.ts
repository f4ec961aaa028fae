import type { Application } from 'carillon';
import type { AnswerOfQuery, Client } from 'carillon/client';

/** Any application, whatever its commands and queries are. */
export type AnyApplication = Application<any, any>;

/** The application that a page belongs to, as the page reaches it. */
export interface LiveApplication<App extends AnyApplication> {
  /** Its name, under which it is mounted: `library`. */
  readonly name: string;
  readonly client: Client<App>;
}

/** What a query of an application answers: `ResultOf<typeof library, 'TitleDetails'>`. */
export type ResultOf<App, Name> = AnswerOfQuery<App, Name>['result'];
