import { store } from '../store/store.js';

/** A short word that something worked. */
export interface Notice {
  readonly id: number;
  readonly text: string;
}

const shownForMs = 6_000;
const atMost = 3;
let lastId = 0;

/** The notices that are shown now, the latest last. */
export const notices = store<readonly Notice[]>([]);

/** Says that something worked, for a few seconds. */
export function notify(text: string): void {
  lastId += 1;
  const notice = { id: lastId, text };
  notices.set([...notices.get(), notice].slice(-atMost));
  setTimeout(() => dismiss(notice.id), shownForMs);
}

/** Takes a notice away before its time. */
export function dismiss(id: number): void {
  notices.set(notices.get().filter((notice) => notice.id !== id));
}
