import { href, useRoute } from '@carillon-examples/pages';
import { Button, Group, Text } from '@mantine/core';

interface MemberLinksProps {
  /** What they have in common. */
  readonly label: string;
  readonly members: readonly { readonly memberId: string; readonly name?: string }[];
  /** Whose account is open. */
  readonly open?: string | undefined;
}

/** Ways to the accounts of some members; nothing when there are none. */
export function MemberLinks({ label, members, open }: MemberLinksProps) {
  const { params } = useRoute();
  if (members.length === 0) return null;
  return (
    <Group gap="xs" component="nav" aria-label={label}>
      <Text size="sm" c="var(--ink-soft)">
        {label}
      </Text>
      {members.map(({ memberId, name }) => (
        <Button
          key={memberId}
          component="a"
          href={href(['desk', 'members', memberId], params)}
          variant={memberId === open ? 'filled' : 'default'}
          size="compact-sm"
          radius="xl"
          fw={500}
          {...(name !== undefined && { title: name })}
        >
          {memberId}
        </Button>
      ))}
    </Group>
  );
}
