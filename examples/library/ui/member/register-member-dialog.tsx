import { goTo, href, idFrom, notify, Refusal, SendButton } from '@carillon-examples/pages';
import { Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import type { DataOfCommand } from 'carillon/client';
import { type FormEvent, useState } from 'react';
import { type Library, useCommand } from '../live/library.js';

type Kind = DataOfCommand<Library, 'RegisterMember'>['kind'];

const kinds: { value: Kind; label: string }[] = [
  { value: 'adult', label: 'Adult' },
  { value: 'child', label: 'Child' },
  { value: 'staff', label: 'Staff' },
];

interface RegisterMemberDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The id to begin with, when somebody has typed one already. */
  readonly proposedId?: string;
}

/** Registers a member, and opens the new account. */
export function RegisterMemberDialog({ opened, onClose, proposedId }: RegisterMemberDialogProps) {
  const [name, setName] = useState('');
  const [typedId, setTypedId] = useState(proposedId);
  const [kind, setKind] = useState<Kind>('adult');
  const register = useCommand('RegisterMember');
  const memberId = typedId ?? idFrom(name);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await register.send({ memberId, name: name.trim(), kind }))) return;
    notify(`${name.trim()} is a member now.`);
    setName('');
    setTypedId(undefined);
    onClose();
    goTo(href(['desk', 'members', memberId]));
  }

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Register a member"
      radius="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Name"
            data-autofocus
            autoComplete="off"
            value={name}
            error={register.issue('name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Member id"
            description="What is on the card. Made from the name if you leave it."
            autoComplete="off"
            spellCheck={false}
            value={memberId}
            error={register.issue('memberId')}
            onChange={(event) => setTypedId(event.currentTarget.value)}
          />
          <NativeSelect
            label="Kind"
            description="Decides how many books can be on loan at once."
            data={kinds}
            value={kind}
            error={register.issue('kind')}
            onChange={(event) => setKind(event.currentTarget.value as Kind)}
          />
          <Refusal problem={register.problem} />
          <SendButton isPending={register.isPending}>Register</SendButton>
        </Stack>
      </form>
    </Modal>
  );
}
