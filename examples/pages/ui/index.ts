/**
 * What the browser pages of the examples share. Each example keeps what is its own: its places, its colours, its words.
 *
 * @packageDocumentation
 */
export { besideField } from './form/beside-field.js';
export { Card } from './form/card.js';
export { Refusal } from './form/refusal.js';
export { SendButton } from './form/send-button.js';
export { idFrom } from './format/id-from.js';
export type { ResultOf } from './live/live-application.js';
export { type LivePages, livePages } from './live/live-pages.js';
export type { Command } from './live/use-command.js';
export type { LiveQuery, LiveQueryOptions } from './live/use-live-query.js';
export type { Tell } from './live/use-tell.js';
export { dismissAbout, notify } from './notice/notices.js';
export { goTo, href, type Route, replaceRoute, useRoute } from './route/route.js';
export { type ActiveFilter, ActiveFilters } from './search/active-filters.js';
export { FacetList } from './search/facet-list.js';
export { NothingFound } from './search/nothing-found.js';
export { type FoundPage, type PagedSearch, Results } from './search/results.js';
export { SearchBox } from './search/search-box.js';
export { SearchColumns } from './search/search-columns.js';
export { SortChoice } from './search/sort-choice.js';
export { Empty } from './shell/empty.js';
export { Icon } from './shell/icon.js';
export { Mark, type Tone } from './shell/mark.js';
export { NotFoundPage } from './shell/not-found-page.js';
export { openPage } from './shell/open-page.js';
export { Page } from './shell/page.js';
export { PageHeading } from './shell/page-heading.js';
export { PlaceLink } from './shell/place-link.js';
export { Problem } from './shell/problem.js';
export { type Room, RoomNav } from './shell/room-nav.js';
export { Shell } from './shell/shell.js';
export type { Site } from './shell/site.js';
export { type Store, store, useStore } from './store/store.js';
export { type PageThemeOptions, pageTheme } from './theme/page-theme.js';
