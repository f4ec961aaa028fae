import { Button, type ButtonProps } from '@mantine/core';

interface SendButtonProps extends Pick<ButtonProps, 'variant' | 'color' | 'size' | 'disabled'> {
  readonly isPending: boolean;
  readonly children: string;
  /** What to do; without it the button sends its form. */
  readonly onClick?: () => void;
  readonly 'aria-label'?: string;
}

/** Sends a command. While that is on its way the button pales, but keeps the focus of who pressed it. */
export function SendButton({ isPending, onClick, ...rest }: SendButtonProps) {
  return (
    <Button
      type={onClick === undefined ? 'submit' : 'button'}
      aria-busy={isPending}
      opacity={isPending ? 0.6 : 1}
      flex="none"
      {...(onClick && { onClick })}
      {...rest}
    />
  );
}
