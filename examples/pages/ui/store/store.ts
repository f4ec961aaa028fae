import { useSyncExternalStore } from 'react';

/** A value that the whole page shares. Components that `useStore` it render again when it changes. */
export interface Store<T> {
  readonly get: () => T;
  readonly set: (value: T) => void;
  readonly subscribe: (onChange: () => void) => () => void;
}

/** Makes a store that holds a value until another is set. */
export function store<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}

/** The present value of a store. The component renders again when it changes. */
export function useStore<T>(shared: Store<T>): T {
  return useSyncExternalStore(shared.subscribe, shared.get);
}
