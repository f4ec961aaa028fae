import { Card, goTo, href, useRoute } from '@carillon-examples/pages';
import { Button, Group, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { type FormEvent, useEffect, useState } from 'react';
import { useLiveQuery } from '../live/library.js';
import { MemberLinks } from './member-links.js';
import { useRecentMembers } from './recent-members.js';
import { RegisterMemberDialog } from './register-member-dialog.js';

/** Opens a member's account by the number on the card or the name, or registers a new member. */
export function MemberFinder({ memberId }: { memberId: string | undefined }) {
  const [typed, setTyped] = useState(memberId ?? '');
  const [recent] = useRecentMembers();
  const { params } = useRoute();
  const [registering, { open, close }] = useDisclosure(false);
  const [text] = useDebouncedValue(typed.trim(), 150);
  const isSearch = text !== '' && text !== memberId;
  // Whoever has just sat down at the desk knows nobody's id.
  const isFirstVisit = recent.length === 0 && text === '';
  const found = useLiveQuery('FindMembers', isSearch || isFirstVisit ? { text } : undefined).result ?? [];

  useEffect(() => setTyped(memberId ?? ''), [memberId]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') goTo(href(['desk', 'members', typed.trim()], params));
  };

  return (
    <Card
      title="Who is at the desk?"
      aside={
        <Button variant="default" size="xs" flex="none" onClick={open}>
          New member
        </Button>
      }
    >
      <form onSubmit={submit}>
        <Group align="end" gap="sm" wrap="nowrap">
          <TextInput
            flex={1}
            miw={0}
            label="Member id"
            placeholder="Id or name"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" flex="none" px={{ base: 'sm', sm: 'md' }}>
            Open account
          </Button>
        </Group>
      </form>
      {isSearch && <MemberLinks label="Found" members={found} />}
      {isFirstVisit && <MemberLinks label="For example" members={found} />}
      {!isSearch && <MemberLinks label="Recent" members={recent.map((memberId) => ({ memberId }))} open={memberId} />}
      <RegisterMemberDialog opened={registering} onClose={close} />
    </Card>
  );
}
