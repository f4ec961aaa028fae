import { Empty, href } from '@carillon-examples/pages';
import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { CopyBadge } from '../copy/copy-badge.js';
import type { Book } from './book.js';
import classes from './book-copies.module.css';

/** Each copy of a title and where it is, with the way to the desk. */
export function BookCopies({ book }: { book: Book }) {
  return (
    <Stack component="section" gap="sm" aria-labelledby="copies">
      <Title order={2} size="h3" id="copies">
        Copies
      </Title>
      {book.copies.length === 0 && (
        <Empty title="The library has no copy of this title">
          <Anchor href={href(['desk', 'collection'], new URLSearchParams({ title: book.titleId }))}>
            Add one at the desk
          </Anchor>
        </Empty>
      )}
      <ul className={classes.copies}>
        {book.copies.map((copy) => (
          <Paper component="li" key={copy.copyId} withBorder className={classes.copy}>
            <Text ff="monospace" size="sm">
              {copy.copyId}
              {copy.kind !== 'book' && ` (${copy.kind})`}
            </Text>
            <Group justify="space-between" gap="xs">
              <CopyBadge copy={copy} />
              {copy.status === 'in' && (
                <Anchor
                  size="sm"
                  href={href(['desk'], new URLSearchParams({ copy: copy.copyId }))}
                  aria-label={`Lend ${copy.copyId} at the desk`}
                >
                  Lend
                </Anchor>
              )}
            </Group>
          </Paper>
        ))}
      </ul>
    </Stack>
  );
}
