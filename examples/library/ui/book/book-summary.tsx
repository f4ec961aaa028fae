import { href, PageHeading } from '@carillon-examples/pages';
import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { addressOf } from '../catalogue/search.js';
import { Cover } from '../cover/cover.js';
import { formatLanguage } from '../format/language.js';
import { formatYear } from '../format/year.js';
import { AvailabilityBadge } from '../title/availability-badge.js';
import type { Book } from './book.js';
import classes from './book-summary.module.css';

/** The title itself, and how many of its copies can be had now. */
export function BookSummary({ book }: { book: Book }) {
  return (
    <article className={classes.summary}>
      <div className={classes.cover}>
        <Cover title={book.title} authors={book.authors} />
      </div>
      <Stack gap="lg" className={classes.words}>
        <Stack gap={6}>
          <PageHeading place={book.titleId}>{book.title}</PageHeading>
          <Text size="lg">
            {book.authors.length === 0 && 'Anonymous'}
            {book.authors.map((author, i) => (
              <span key={author}>
                {i > 0 && ', '}
                <Anchor href={addressOf({ author })} inherit>
                  {author}
                </Anchor>
              </span>
            ))}
          </Text>
        </Stack>
        <Group gap="sm">
          <AvailabilityBadge copies={book.copies.length} available={book.available} announce />
          {book.waiting > 0 && (
            <Text size="sm" c="var(--ink-soft)">
              {book.waiting === 1 ? '1 reader waits' : `${book.waiting} readers wait`}
            </Text>
          )}
        </Group>
        <dl className={classes.facts}>
          {book.year !== null && <Fact name="First published">{formatYear(book.year)}</Fact>}
          {book.language !== null && <Fact name="Language">{formatLanguage(book.language)}</Fact>}
          {book.isbn !== null && <Fact name="ISBN">{book.isbn}</Fact>}
        </dl>
        {book.copies.length > 0 && (
          <Button
            component="a"
            variant="default"
            w="fit-content"
            href={href(['desk'], new URLSearchParams({ title: book.titleId }))}
          >
            Reserve at the desk
          </Button>
        )}
      </Stack>
    </article>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
