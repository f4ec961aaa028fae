import { Mark } from '@carillon-examples/pages';
import type { Book } from '../book/book.js';
import { formatDate } from '../format/date.js';

/** Where a copy is. */
export function CopyBadge({ copy }: { copy: Book['copies'][number] }) {
  if (copy.status === 'in') return <Mark tone="good">On the shelf</Mark>;
  if (copy.status === 'held') return <Mark tone="held">Held for a reader</Mark>;
  return <Mark tone="busy">{copy.dueOn === null ? 'On loan' : `On loan until ${formatDate(copy.dueOn)}`}</Mark>;
}
