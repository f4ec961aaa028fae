import { type Store, store } from '@carillon-examples/pages';

/**
 * A store whose value the browser keeps, for all windows and for the next visit.
 *
 * @param read makes the value of what was kept, whatever that is; `undefined` when there is nothing
 */
export function keptStore<T>(name: string, read: (kept: unknown) => T): Store<T> {
  const inner = store(read(load(name)));
  window.addEventListener('storage', (event) => {
    if (event.key === name) inner.set(read(load(name)));
  });
  return {
    ...inner,
    set: (value) => {
      inner.set(value);
      try {
        window.localStorage.setItem(name, JSON.stringify(value));
      } catch {
        // A browser that keeps nothing: then it is kept as long as the window is.
      }
    },
  };
}

function load(name: string): unknown {
  try {
    return JSON.parse(window.localStorage.getItem(name) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
