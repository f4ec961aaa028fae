import type { ReactNode } from 'react';

interface IconProps {
  /** In pixels. */
  readonly size?: number;
  readonly strokeWidth?: number;
  /** What is drawn, in a square of 24. */
  readonly children: ReactNode;
}

/** A line drawing in the colour of the text around it. Screen readers pass it by. */
export function Icon({ size = 20, strokeWidth = 1.8, children }: IconProps) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={strokeWidth}
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}
