import { href } from '@carillon-examples/pages';
import { Group, Paper, Stack, Text } from '@mantine/core';
import { Cover } from '../cover/cover.js';
import { formatYear } from '../format/year.js';
import type { ResultOf } from '../live/library.js';
import { AvailabilityBadge } from '../title/availability-badge.js';
import classes from './result-row.module.css';

/** A title that was found, and whether it can be had. */
export function ResultRow({ item }: { item: ResultOf<'SearchCatalogue'>['items'][number] }) {
  return (
    <Paper component="li" className={`${classes.row} whole-row`} withBorder>
      <div className={classes.cover}>
        <Cover title={item.title} authors={item.authors} />
      </div>
      <div className={classes.words}>
        <Stack gap={2} miw={0}>
          <a href={href(['titles', item.titleId])} className={`${classes.title} row-link quiet-link`}>
            {item.title}
          </a>
          <Text size="sm" c="var(--ink-soft)" lineClamp={1}>
            {[item.authors.join(', ') || 'Anonymous', ...(item.year === null ? [] : [formatYear(item.year)])].join(
              ' · ',
            )}
          </Text>
        </Stack>
        <Group>
          <AvailabilityBadge copies={item.copies} available={item.available} />
        </Group>
      </div>
    </Paper>
  );
}
