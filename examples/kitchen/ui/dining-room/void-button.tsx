import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../form/dialog.js';
import { useTell } from '../live/kitchen.js';

const reasons = ['the guests have left', 'it took too long', 'it was a mistake'];

/** Calls an order off, when somebody has said why. */
export function VoidButton({ ticketId, table }: { ticketId: string; table: string }) {
  const [isOpen, setOpen] = useState(false);
  const { tell } = useTell();

  async function send(reason: string) {
    setOpen(false);
    await tell('VoidOrder', { ticketId, reason });
  }

  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Void the order of table ${table}`}
        onClick={() => setOpen(true)}
      >
        Void
      </Button>
      <Dialog title={`Why is the order of table ${table} voided?`} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Stack gap="xs">
          {reasons.map((reason) => (
            <Button key={reason} variant="default" onClick={() => void send(reason)}>
              {reason}
            </Button>
          ))}
        </Stack>
      </Dialog>
    </>
  );
}
