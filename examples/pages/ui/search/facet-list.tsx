import { Skeleton, Stack, Text, UnstyledButton } from '@mantine/core';
import { useId } from 'react';
import classes from './facet-list.module.css';

interface FacetListProps {
  readonly name: string;
  /** Each choice and how many results it leaves; `undefined` while that is not known yet. */
  readonly choices: readonly { readonly value: string; readonly count: number }[] | undefined;
  readonly chosen: string | undefined;
  readonly label?: (value: string) => string;
  readonly onChoose: (value: string | undefined) => void;
}

/** The choices of one filter. Choosing the chosen one again undoes it. */
export function FacetList({ name, choices, chosen, label = (value) => value, onChoose }: FacetListProps) {
  const headingId = useId();
  if (choices?.length === 0) return null;
  return (
    <section aria-labelledby={headingId}>
      <Text component="h2" id={headingId} fw={600} size="sm" mb={6}>
        {name}
      </Text>
      {choices === undefined && <Skeletons />}
      <Stack component="ul" gap={0} className={classes.list}>
        {choices?.map(({ value, count }) => (
          <li key={value}>
            <UnstyledButton
              className={classes.choice}
              aria-pressed={value === chosen}
              onClick={() => onChoose(value === chosen ? undefined : value)}
            >
              <span className={classes.label}>{label(value)}</span>
              <span className={classes.count}>{count.toLocaleString('en')}</span>
            </UnstyledButton>
          </li>
        ))}
      </Stack>
    </section>
  );
}

function Skeletons() {
  return (
    <Stack gap={10} py={6}>
      {[70, 85, 60, 75].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} />
      ))}
    </Stack>
  );
}
