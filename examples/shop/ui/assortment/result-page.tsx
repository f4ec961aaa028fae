import { Button, Stack } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import type { ResultOf } from '../live/shop.js';
import { type LiveQuery, useLiveQuery } from '../live/use-live-query.js';
import { ProductCard } from '../product/product-card.js';
import { Problem } from '../shell/problem.js';
import { NothingFound } from './nothing-found.js';
import classes from './result-page.module.css';
import { ResultSkeleton } from './result-skeleton.js';
import { questionOf, type Search } from './search.js';

interface PageProps {
  readonly search: Search;
  readonly change: (changes: Partial<Search>) => void;
  /** From 1. */
  readonly number: number;
}

/** One page of an answer, and what follows it: the next page, or the button that asks for it. */
export function ResultPage({
  found,
  search,
  change,
  number,
}: PageProps & { found: LiveQuery<ResultOf<'SearchProducts'>> }) {
  const { result, problem, isLoading, retry } = found;
  if (problem !== undefined) return <Problem what="The shop could not be searched" why={problem} onRetry={retry} />;
  if (result === undefined) return <ResultSkeleton />;
  if (result.total === 0) return <NothingFound search={search} change={change} />;
  return (
    <>
      <ol className={classes.grid} aria-label={`Products, page ${number}`} aria-busy={isLoading}>
        {result.items.map((item) => (
          <ProductCard key={item.productId} product={item} />
        ))}
      </ol>
      {result.next !== undefined && !isLoading && number < search.pages && (
        <NextPage search={search} change={change} number={number + 1} after={result.next} />
      )}
      {result.next !== undefined && number >= search.pages && (
        <Button variant="default" onClick={() => change({ pages: number + 1 })}>
          More products
        </Button>
      )}
    </>
  );
}

/** A page that was asked for with "more". It stays up to date while it is looked at. */
function NextPage({ after, ...page }: PageProps & { after: string }) {
  const { ref, inViewport } = useInViewport<HTMLDivElement>();
  const products = useRef<HTMLDivElement>(null);
  const found = useLiveQuery('SearchProducts', { ...questionOf(page.search), after }, { live: inViewport });
  const isThere = found.result !== undefined;

  // The button that asked for it is gone: who used the keyboard goes on with the first new product.
  useEffect(() => {
    if (isThere && document.activeElement === document.body) {
      products.current?.querySelector('a')?.focus({ preventScroll: true });
    }
  }, [isThere]);

  return (
    <div ref={ref}>
      <Stack ref={products} gap="md">
        <ResultPage found={found} {...page} />
      </Stack>
    </div>
  );
}
