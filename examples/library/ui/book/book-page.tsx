import { Empty, PageHeading, Problem } from '@carillon-examples/pages';
import { Anchor, Skeleton, Stack } from '@mantine/core';
import { useLiveQuery } from '../live/library.js';
import { AlsoBorrowed } from './also-borrowed.js';
import { BookCopies } from './book-copies.js';
import { BookSummary } from './book-summary.js';

/** One title: what it is, whether it can be had now, and what its readers also read. */
export function BookPage({ titleId }: { titleId: string }) {
  const { result: book, isLoading, problem, retry } = useLiveQuery('TitleDetails', { titleId });
  if (problem !== undefined) return <Problem what="The book could not be shown" why={problem} onRetry={retry} />;
  if (isLoading) return <BookSkeleton />;
  if (book == null) return <UnknownBook titleId={titleId} />;
  return (
    <Stack gap={40}>
      <BookSummary book={book} />
      <BookCopies book={book} />
      <AlsoBorrowed titleId={titleId} />
    </Stack>
  );
}

function UnknownBook({ titleId }: { titleId: string }) {
  return (
    <Stack>
      <PageHeading place={titleId}>Not in the catalogue</PageHeading>
      <Empty title={`There is no title ${titleId}`}>
        <Anchor href="#/">Search the catalogue</Anchor>
      </Empty>
    </Stack>
  );
}

function BookSkeleton() {
  return (
    <Stack role="status" aria-label="Opening the book" gap="md">
      <Skeleton width={200} height={300} radius="sm" />
      <Skeleton width="60%" height={34} />
      <Skeleton width="35%" height={18} />
    </Stack>
  );
}
