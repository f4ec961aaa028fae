import { notify, Refusal, SendButton } from '@carillon-examples/pages';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { useCommand } from '../live/shop.js';
import type { Order } from './order.js';

/** What the customer can still want of an order: to cancel it, or the money back. Nothing, when it is over. */
export function OrderWish({ order }: { order: Order }) {
  const { status, pending } = order;
  const isOver = status === 'cancelled' || status === 'refunded';
  if (isOver || pending !== null) return null;
  return status === 'shipped' ? (
    <WishForm key="refund" orderId={order.orderId} command="RequestRefund" words={refundWords} />
  ) : (
    <WishForm key="cancel" orderId={order.orderId} command="CancelOrder" words={cancelWords} />
  );
}

const cancelWords = { button: 'Cancel the order', send: 'Cancel it', done: 'Your cancellation is on its way.' };
const refundWords = { button: 'Ask for a refund', send: 'Ask for it', done: 'Your request is on its way.' };

interface WishFormProps {
  readonly orderId: string;
  readonly command: 'CancelOrder' | 'RequestRefund';
  readonly words: { readonly button: string; readonly send: string; readonly done: string };
}

/** Asks why, which may stay unsaid, and sends the command. */
function WishForm({ orderId, command, words }: WishFormProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [reason, setReason] = useState('');
  const wish = useCommand(command);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const said = reason.trim();
    if (!(await wish.send({ orderId, ...(said !== '' && { reason: said }) }))) return;
    notify(words.done);
    close();
  }

  return (
    <>
      <Button variant="default" onClick={open}>
        {words.button}
      </Button>
      <Modal opened={isOpen} onClose={close} title={words.button} centered closeButtonProps={{ 'aria-label': 'Close' }}>
        <form onSubmit={submit} noValidate>
          <Stack>
            <TextInput
              label="Why? (you need not say)"
              data-autofocus
              maxLength={1_000}
              value={reason}
              error={wish.issue('reason')}
              onChange={(event) => {
                setReason(event.currentTarget.value);
                wish.clear();
              }}
            />
            <Refusal problem={wish.problem} />
            <Group justify="end">
              <Button variant="default" onClick={close}>
                Leave it
              </Button>
              <SendButton isPending={wish.isPending}>{words.send}</SendButton>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
