import {
  type CommandName,
  createClient,
  type DataOfCommand,
  type ParamsOfQuery,
  type QueryName,
} from 'carillon/client';
import type { AnyApplication, LiveApplication, ResultOf } from './live-application.js';
import { type Command, useCommand } from './use-command.js';
import { type LiveQuery, type LiveQueryOptions, useLiveQuery } from './use-live-query.js';
import { type Tell, useTell } from './use-tell.js';

/** How the components of a page talk to their application. */
export interface LivePages<App extends AnyApplication> {
  /**
   * Asks a query and keeps its answer up to date until the component goes, the question changes or the window is hidden. What
   * this window has changed itself is in every answer.
   *
   * A browser opens six connections to a server, whatever the number of windows: have one live query in a place, two at most.
   *
   * @param params what to ask; `undefined` asks nothing
   * @param options.live `false` asks once and leaves the answer as it is
   */
  readonly useLiveQuery: <Name extends QueryName<App>>(
    name: Name,
    params: ParamsOfQuery<App, Name> | undefined,
    options?: LiveQueryOptions,
  ) => LiveQuery<ResultOf<App, Name>>;

  /** Sends commands of one kind, for a form. Once one is accepted, every query on the page is asked again after it. */
  readonly useCommand: <Name extends CommandName<App>>(name: Name) => Command<DataOfCommand<App, Name>>;

  /** Sends commands for buttons, one at a time; a form has `useCommand`. */
  readonly useTell: () => Tell<App>;
}

/**
 * Makes the hooks of one application's page. Their types come from the application's definitions, so import only its type.
 *
 * ```ts
 * export const { useCommand, useLiveQuery } = livePages<typeof library>('library');
 * ```
 *
 * @param name the application's name: the page reaches it where the page itself came from, under `/<name>`
 */
export function livePages<App extends AnyApplication>(name: string): LivePages<App> {
  const application: LiveApplication<App> = { name, client: createClient<App>(`/${name}`) };
  return {
    useLiveQuery: (query, params, options) => useLiveQuery(application, query, params, options),
    useCommand: (command) => useCommand(application, command),
    useTell: () => useTell(application),
  };
}
