import { Mark, type Tone } from '@carillon-examples/pages';
import type { StockLevel } from './product.js';

const marks: Record<StockLevel, [tone: Tone, words: string]> = {
  many: ['good', 'In stock'],
  some: ['good', 'Some in stock'],
  few: ['busy', 'Only a few left'],
  none: ['plain', 'Sold out'],
};

interface StockMarkProps {
  readonly level: StockLevel;
  readonly size?: 'sm' | 'md' | 'lg';
  /** Whether a screen reader is told when it changes: only where it is the only one. */
  readonly announce?: boolean;
}

/** How much there is. A live answer changes it by itself. */
export function StockMark({ level, size = 'md', announce = false }: StockMarkProps) {
  const [tone, words] = marks[level];
  return (
    <Mark tone={tone} size={size} role={announce ? 'status' : undefined}>
      {words}
    </Mark>
  );
}
