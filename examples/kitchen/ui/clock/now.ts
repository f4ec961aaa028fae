import { useSyncExternalStore } from 'react';

/** How often ages are looked at again. */
const everyMs = 500;

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const listener of listeners) listener();
  }, everyMs);
  return () => {
    listeners.delete(onChange);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, in milliseconds. The component renders again as it goes on. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
