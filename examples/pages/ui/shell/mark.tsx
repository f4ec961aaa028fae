import { Badge } from '@mantine/core';

/** What a mark says before it is read. */
export type Tone = 'good' | 'busy' | 'held' | 'late' | 'plain';

/** A short word about the state of something. */
export function Mark({ tone, size = 'md', children, ...rest }: MarkProps) {
  return (
    <Badge
      {...rest}
      size={size}
      tt="none"
      fw={600}
      miw="max-content"
      bg={`var(--${tone})`}
      c={`var(--${tone}-ink)`}
      style={{ letterSpacing: 0 }}
    >
      {children}
    </Badge>
  );
}

interface MarkProps {
  readonly tone: Tone;
  readonly size?: 'sm' | 'md' | 'lg';
  readonly children: string;
  /** `status` where a change is to be read out. */
  readonly role?: 'status' | undefined;
}
