import { useMemo, useSyncExternalStore } from 'react';

/**
 * Where in the page we are, kept in the part of the address behind `#`: `#/titles/17`, `#/?text=dune`. It needs nothing of
 * the server, and reloading, bookmarks and "back" work as anywhere.
 */
export interface Route {
  /** The decoded segments: `['titles', '17']`; empty for the first place. */
  readonly path: readonly string[];
  readonly params: URLSearchParams;
}

/** The present route. The component renders again when it changes. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parse(hash), [hash]);
}

/** The address of a route, for links: `href(['titles', titleId])`. */
export function href(path: readonly string[], params?: URLSearchParams): string {
  const search = params?.toString() ?? '';
  return `#/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

/** Goes to a route, as a click on a link to it would. */
export function goTo(address: string): void {
  window.location.hash = address;
}

/** Changes the address of where we are: nothing to go "back" to. */
export function replaceRoute(address: string): void {
  window.history.replaceState(window.history.state, '', address);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

function parse(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return {
    path: path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decode),
    params: new URLSearchParams(search),
  };
}

/** An address that somebody typed may hold a `%` that means nothing. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
