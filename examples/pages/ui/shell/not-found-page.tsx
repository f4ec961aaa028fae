import { Button, Stack, Text } from '@mantine/core';
import { PageHeading } from './page-heading.js';
import { useSite } from './site.js';

/** An address that leads nowhere. */
export function NotFoundPage() {
  const { home } = useSite();
  return (
    <Stack align="start">
      <PageHeading place="not-found">Nothing here</PageHeading>
      <Text>This address leads nowhere. It may have been typed wrong, or be from an older version of this page.</Text>
      <Button component="a" href="#/">
        To {home}
      </Button>
    </Stack>
  );
}
