import { Box, Group } from '@mantine/core';
import type { ReactNode } from 'react';

/**
 * Puts a button beside a field, as its `inputContainer`: it stays in line with what is typed when the field says below what is wrong.
 */
export function besideField(button: ReactNode): (input: ReactNode) => ReactNode {
  return (input) => (
    <Group align="start" gap="sm" wrap="nowrap">
      <Box flex={1} miw={0}>
        {input}
      </Box>
      {button}
    </Group>
  );
}
