import { Button, Text } from '@mantine/core';
import { Empty } from '../shell/empty.js';

interface NothingFoundProps {
  /** What there is none of: `title`. */
  readonly what: string;
  /** What was looked for. */
  readonly text: string;
  readonly isFiltered: boolean;
  /** Undoes every filter. */
  readonly onClear: () => void;
}

/** An answer with nothing in it, and what can be done about it. */
export function NothingFound({ what, text, isFiltered, onClear }: NothingFoundProps) {
  return (
    <Empty title={text === '' ? `No ${what} fits these filters` : `No ${what} fits “${text}”`}>
      <Text size="sm">
        {isFiltered ? 'There may be some without the filters.' : 'Try fewer words, or only their beginnings.'}
      </Text>
      {isFiltered && (
        <Button variant="default" size="xs" mt="xs" onClick={onClear}>
          Search without filters
        </Button>
      )}
    </Empty>
  );
}
