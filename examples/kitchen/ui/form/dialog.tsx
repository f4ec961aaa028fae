import { CloseButton, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks for something before anything else goes on. It is called by its title. */
export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} withCloseButton={false}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Modal.Title fw={700}>{title}</Modal.Title>
          <CloseButton aria-label="Close" onClick={onClose} />
        </Group>
        {children}
      </Stack>
    </Modal>
  );
}
