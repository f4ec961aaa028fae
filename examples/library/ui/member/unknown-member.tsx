import { Empty } from '@carillon-examples/pages';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLiveQuery } from '../live/library.js';
import { MemberLinks } from './member-links.js';
import { RegisterMemberDialog } from './register-member-dialog.js';

/** Nobody has this id: perhaps it is part of another, or somebody new. */
export function UnknownMember({ memberId }: { memberId: string }) {
  const [registering, { open, close }] = useDisclosure(false);
  const { result: alike = [] } = useLiveQuery('FindMembers', { text: memberId });
  return (
    <Empty title={`Nobody has the member id ${memberId}`}>
      <MemberLinks label="Did you mean" members={alike} />
      <Button variant="default" size="sm" mt="xs" maw="100%" onClick={open}>
        Register a member with this id
      </Button>
      <RegisterMemberDialog opened={registering} onClose={close} proposedId={memberId} />
    </Empty>
  );
}
