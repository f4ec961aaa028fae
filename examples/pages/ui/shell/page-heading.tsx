import { Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { arrive } from '../route/visit.js';
import { useSite } from './site.js';

/**
 * The heading of a place. It does what a browser does when it loads a page, for a page that is loaded only once: the
 * window is named, it scrolls to where it should be, and in a place that we come to anew the heading has the focus, so
 * that a screen reader says where we are.
 */
export function PageHeading({ place, children }: { place: string; children: string }) {
  const { name } = useSite();
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${children} · ${name}`;
  }, [children, name]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is what we arrive at
  useEffect(() => {
    if (arrive()) heading.current?.focus({ preventScroll: true });
  }, [place]);

  return (
    <Title order={1} ref={heading} tabIndex={-1} className="page-heading">
      {children}
    </Title>
  );
}
