import { Box, Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './search-columns.module.css';

interface SearchColumnsProps {
  /** What is looked for: `titles`. */
  readonly what: string;
  /** How many were found, in words; `undefined` while that is not known. */
  readonly total: string | undefined;
  readonly filters: ReactNode;
  readonly sortChoice: ReactNode;
  /** The answer. */
  readonly children: ReactNode;
}

/** An answer with the filters beside it. Where there is no room for two columns, they come up as a sheet. */
export function SearchColumns({ what, total, filters, sortChoice, children }: SearchColumnsProps) {
  const [filtersOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <div className={classes.columns}>
        <Box component="aside" aria-label="Filters" visibleFrom="md">
          {filters}
        </Box>
        <Stack gap="md" miw={0}>
          <Group justify="space-between" gap="xs">
            <Text role="status" className={classes.total}>
              {total ?? ' '}
            </Text>
            <Group gap="xs" wrap="nowrap">
              <Button variant="default" px="sm" hiddenFrom="md" onClick={open}>
                Filters
              </Button>
              {sortChoice}
            </Group>
          </Group>
          {children}
        </Stack>
      </div>
      <Drawer
        opened={filtersOpen}
        onClose={close}
        title="Filters"
        position="bottom"
        size="85%"
        radius="lg"
        hiddenFrom="md"
        closeButtonProps={{ 'aria-label': 'Close the filters' }}
      >
        <Stack gap="xl">
          {filters}
          <Button onClick={close}>Show {total ?? what}</Button>
        </Stack>
      </Drawer>
    </>
  );
}
