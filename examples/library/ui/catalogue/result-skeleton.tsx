import { Group, Skeleton, Stack } from '@mantine/core';

/** The shape of an answer that is not there yet. */
export function ResultSkeleton() {
  return (
    <Stack gap={10} role="status" aria-label="Searching">
      {[62, 45, 70, 52, 38, 58].map((width) => (
        <Group key={width} wrap="nowrap" p={10} gap="md">
          <Skeleton width={52} height={78} radius="sm" />
          <Stack gap={10} flex={1}>
            <Skeleton height={18} width={`${width}%`} />
            <Skeleton height={12} width={`${width - 18}%`} />
          </Stack>
        </Group>
      ))}
    </Stack>
  );
}
