import { type LiveQuery, NothingFound, Results } from '@carillon-examples/pages';
import { type ResultOf, useLiveQuery } from '../live/library.js';
import { activeFilters } from './active-filters.js';
import classes from './found-titles.module.css';
import { ResultRow } from './result-row.js';
import { ResultSkeleton } from './result-skeleton.js';
import { noFilters, questionOf, type Search } from './search.js';

interface FoundTitlesProps {
  readonly found: LiveQuery<ResultOf<'SearchCatalogue'>>;
  readonly search: Search;
  readonly change: (changes: Partial<Search>) => void;
}

/** The titles that a search has found. */
export function FoundTitles({ found, search, change }: FoundTitlesProps) {
  return (
    <Results
      search={search}
      change={change}
      found={found}
      useNext={useTitlesAfter}
      name="Titles"
      failure="The catalogue could not be searched"
      list={classes.list}
      item={(item) => <ResultRow key={item.titleId} item={item} />}
      skeleton={<ResultSkeleton />}
      nothing={
        <NothingFound
          what="title"
          text={search.text}
          isFiltered={activeFilters(search).length > 0}
          onClear={() => change(noFilters)}
        />
      }
    />
  );
}

function useTitlesAfter(search: Search, after: string, live: boolean) {
  return useLiveQuery('SearchCatalogue', { ...questionOf(search), after }, { live });
}
