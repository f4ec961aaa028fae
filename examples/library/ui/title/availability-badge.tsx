import { Mark, type Tone } from '@carillon-examples/pages';

interface AvailabilityBadgeProps {
  readonly copies: number;
  readonly available: number;
  /** Whether a screen reader is told when it changes: only where it is the only one. */
  readonly announce?: boolean;
}

/** How many copies can be had now. A live answer changes it by itself. */
export function AvailabilityBadge({ copies, available, announce = false }: AvailabilityBadgeProps) {
  const [tone, words]: [Tone, string] =
    copies === 0
      ? ['plain', 'No copies']
      : available === 0
        ? ['busy', 'None available']
        : ['good', `${available} of ${copies} available`];
  return (
    <Mark tone={tone} size="lg" role={announce ? 'status' : undefined}>
      {words}
    </Mark>
  );
}
