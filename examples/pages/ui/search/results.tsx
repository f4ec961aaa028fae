import { Button, Stack } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef } from 'react';
import type { LiveQuery } from '../live/use-live-query.js';
import { Problem } from '../shell/problem.js';

/** One page of what was found, as a query that pages by key answers. */
export interface FoundPage<Item> {
  readonly items: readonly Item[];
  /** On all pages. */
  readonly total: number;
  /** Where the next page begins, if there is one. */
  readonly next?: string | undefined;
}

/** What is looked for, as far as pages are concerned. */
export interface PagedSearch {
  /** How many pages of the answer are shown. */
  readonly pages: number;
}

interface ResultsProps<Item, Search extends PagedSearch> {
  readonly search: Search;
  readonly change: (changes: PagedSearch) => void;
  /** The first page. */
  readonly found: LiveQuery<FoundPage<Item>>;
  /** Asks for the page of a search that begins `after` a place, and keeps it up to date while it is `live`. */
  readonly useNext: (search: Search, after: string, live: boolean) => LiveQuery<FoundPage<Item>>;
  /** What was looked for, as a heading: `Titles`. */
  readonly name: string;
  /** What to say when there is no answer. */
  readonly failure: string;
  /** The class of a page's list. */
  readonly list: string | undefined;
  /** One item of the list, with its key. */
  readonly item: (item: Item) => ReactNode;
  readonly skeleton: ReactNode;
  readonly nothing: ReactNode;
}

/** All that was found, page after page, and the button that asks for the next. */
export function Results<Item, Search extends PagedSearch>(results: ResultsProps<Item, Search>) {
  return <ResultPage results={results} found={results.found} number={1} />;
}

interface PageProps<Item, Search extends PagedSearch> {
  readonly results: ResultsProps<Item, Search>;
  /** From 1. */
  readonly number: number;
}

/** One page of an answer, and what follows it: the next page, or the button that asks for it. */
function ResultPage<Item, Search extends PagedSearch>({
  results,
  found,
  number,
}: PageProps<Item, Search> & { found: LiveQuery<FoundPage<Item>> }) {
  const { result, problem, isLoading, retry } = found;
  if (problem !== undefined) return <Problem what={results.failure} why={problem} onRetry={retry} />;
  if (result === undefined) return results.skeleton;
  if (result.total === 0) return results.nothing;
  return (
    <>
      <ol className={results.list} aria-label={`${results.name}, page ${number}`} aria-busy={isLoading}>
        {result.items.map(results.item)}
      </ol>
      {result.next !== undefined && !isLoading && number < results.search.pages && (
        <NextPage results={results} number={number + 1} after={result.next} />
      )}
      {result.next !== undefined && number >= results.search.pages && (
        <Button variant="default" onClick={() => results.change({ pages: number + 1 })}>
          More {results.name.toLowerCase()}
        </Button>
      )}
    </>
  );
}

/** A page that was asked for with "more". It stays up to date while it is looked at. */
function NextPage<Item, Search extends PagedSearch>({
  results,
  number,
  after,
}: PageProps<Item, Search> & { after: string }) {
  const { ref, inViewport } = useInViewport<HTMLDivElement>();
  const page = useRef<HTMLDivElement>(null);
  const found = results.useNext(results.search, after, inViewport);
  const isThere = found.result !== undefined;

  // The button that asked for it is gone: who used the keyboard goes on with the first new result.
  useEffect(() => {
    if (isThere && document.activeElement === document.body) {
      page.current?.querySelector('a')?.focus({ preventScroll: true });
    }
  }, [isThere]);

  return (
    <div ref={ref}>
      <Stack ref={page} gap="md">
        <ResultPage results={results} found={found} number={number} />
      </Stack>
    </div>
  );
}
