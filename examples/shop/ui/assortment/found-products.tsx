import { type LiveQuery, NothingFound, Results } from '@carillon-examples/pages';
import { type ResultOf, useLiveQuery } from '../live/shop.js';
import { ProductCard } from '../product/product-card.js';
import { activeFilters } from './active-filters.js';
import classes from './found-products.module.css';
import { ResultSkeleton } from './result-skeleton.js';
import { noFilters, questionOf, type Search } from './search.js';

interface FoundProductsProps {
  readonly found: LiveQuery<ResultOf<'SearchProducts'>>;
  readonly search: Search;
  readonly change: (changes: Partial<Search>) => void;
}

/** The products that a search has found. */
export function FoundProducts({ found, search, change }: FoundProductsProps) {
  return (
    <Results
      search={search}
      change={change}
      found={found}
      useNext={useProductsAfter}
      name="Products"
      failure="The shop could not be searched"
      list={classes.grid}
      item={(item) => <ProductCard key={item.productId} product={item} />}
      skeleton={<ResultSkeleton />}
      nothing={
        <NothingFound
          what="product"
          text={search.text}
          isFiltered={activeFilters(search).length > 0}
          onClear={() => change(noFilters)}
        />
      }
    />
  );
}

function useProductsAfter(search: Search, after: string, live: boolean) {
  return useLiveQuery('SearchProducts', { ...questionOf(search), after }, { live });
}
