import { Card, goTo, href, useRoute } from '@carillon-examples/pages';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useEffect, useState } from 'react';
import { useRecentMembers } from './recent-members.js';
import { RegisterMemberDialog } from './register-member-dialog.js';

/** Opens a member's account by the number on the card, or registers a new member. */
export function MemberFinder({ memberId }: { memberId: string | undefined }) {
  const [typed, setTyped] = useState(memberId ?? '');
  const [recent] = useRecentMembers();
  const { params } = useRoute();
  const [registering, { open, close }] = useDisclosure(false);

  useEffect(() => setTyped(memberId ?? ''), [memberId]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') goTo(href(['desk', 'members', typed.trim()], params));
  };

  return (
    <Card
      title="Who is at the desk?"
      aside={
        <Button variant="default" size="xs" onClick={open}>
          New member
        </Button>
      }
    >
      <form onSubmit={submit}>
        <Group align="end" gap="sm" wrap="nowrap">
          <TextInput
            flex={1}
            label="Member id"
            placeholder="Scan or type the card"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit">Open account</Button>
        </Group>
      </form>
      {recent.length > 0 && (
        <Group gap="xs" component="nav" aria-label="Recent members">
          <Text size="sm" c="var(--ink-soft)">
            Recent
          </Text>
          {recent.map((id) => (
            <Button
              key={id}
              component="a"
              href={href(['desk', 'members', id], params)}
              variant={id === memberId ? 'filled' : 'default'}
              size="compact-sm"
              radius="xl"
              fw={500}
            >
              {id}
            </Button>
          ))}
        </Group>
      )}
      <RegisterMemberDialog opened={registering} onClose={close} />
    </Card>
  );
}
