import { Stack, Title } from '@mantine/core';
import type { ResultOf } from '../live/shop.js';
import classes from './category-tiles.module.css';
import { totalInWords } from './in-words.js';
import { addressOf } from './search.js';

/** The way to each category's page. */
export function CategoryTiles({ categories }: { categories: ResultOf<'SearchProducts'>['facets']['categories'] }) {
  const byName = [...categories].sort((a, b) => a.value.localeCompare(b.value, 'en'));
  return (
    <Stack component="nav" gap="sm" aria-labelledby="categories">
      <Title order={2} size="h4" id="categories">
        Categories
      </Title>
      <ul className={classes.tiles}>
        {byName.map(({ value, count }) => (
          <li key={value}>
            <a href={addressOf({ category: value })} className={classes.tile}>
              <span className={classes.name}>{value}</span>
              <span className={classes.count}>{totalInWords(count)}</span>
            </a>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
