import { useStore } from '@carillon-examples/pages';
import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { customerId } from './customer.js';

/** Says who buys, and lets somebody else. */
export function CustomerField({ description, error }: { description?: ReactNode; error?: string | undefined }) {
  const id = useStore(customerId);
  return (
    <TextInput
      label="Customer id"
      description={description}
      autoComplete="off"
      spellCheck={false}
      maxLength={100}
      value={id}
      error={error}
      onChange={(event) => customerId.set(event.currentTarget.value.trim())}
    />
  );
}
