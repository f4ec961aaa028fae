import { Title } from '@mantine/core';
import { useEffect, useRef } from 'react';

let isFirstPlace = true;

/**
 * The heading of a place. It does what a browser does when it loads a page, for a page that is loaded only once: the
 * window is named, and a place that we come to anew is read from its top, with the focus on its heading, so that a
 * screen reader says where we are. Going "back" leaves scrolling to the browser.
 */
export function PageHeading({ place, children }: { place: string; children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${children} · Library`;
  }, [children]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is what we arrive at
  useEffect(() => {
    const isNew = window.history.state?.visited !== true;
    window.history.replaceState({ visited: true }, '');
    if (isNew && !isFirstPlace) {
      window.scrollTo({ top: 0 });
      heading.current?.focus({ preventScroll: true });
    }
    isFirstPlace = false;
  }, [place]);

  return (
    <Title order={1} ref={heading} tabIndex={-1} className="page-heading">
      {children}
    </Title>
  );
}
