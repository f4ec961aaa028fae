import { href } from '@carillon-examples/pages';
import { Stack, Text, Title } from '@mantine/core';
import { Cover } from '../cover/cover.js';
import { useLiveQuery } from '../live/library.js';
import classes from './also-borrowed.module.css';

/** What readers of a title also borrowed; until somebody has, what else its author wrote. */
export function AlsoBorrowed({ titleId }: { titleId: string }) {
  const { result } = useLiveQuery('RecommendedTitles', { titleId, limit: 6 }, { live: false });
  const [first] = result ?? [];
  if (result === undefined || first === undefined) return null;
  return (
    <Stack component="section" gap="sm" aria-labelledby="also-borrowed">
      <Title order={2} size="h3" id="also-borrowed">
        {first.because === 'same-author' ? 'By the same author' : 'Readers who borrowed this also borrowed'}
      </Title>
      <ul className={classes.titles}>
        {result.map((title) => (
          <li key={title.titleId} className={`${classes.title} whole-row`}>
            <Cover title={title.title} authors={title.authors} />
            <a href={href(['titles', title.titleId])} className={`${classes.name} row-link quiet-link`}>
              {title.title}
            </a>
            <Text size="xs" c="var(--ink-soft)" lineClamp={1}>
              {title.authors.join(', ') || 'Anonymous'}
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
