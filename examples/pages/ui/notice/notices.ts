import { store } from '../store/store.js';

/** A short word that something worked. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  /** What it is about, so that it can go when that has changed. */
  readonly about?: string | undefined;
}

const shownForMs = 6_000;
const atMost = 3;
let lastId = 0;

/** The notices that are shown now, the latest last. */
export const notices = store<readonly Notice[]>([]);

/**
 * Says that something worked, for a few seconds.
 *
 * @param about what it is about: `dismissAbout` takes it away before its time
 */
export function notify(text: string, about?: string): void {
  lastId += 1;
  const notice = { id: lastId, text, about };
  notices.set([...notices.get(), notice].slice(-atMost));
  setTimeout(() => dismiss(notice.id), shownForMs);
}

/** Takes a notice away before its time. */
export function dismiss(id: number): void {
  notices.set(notices.get().filter((notice) => notice.id !== id));
}

/** Takes away the notices about something that is no longer so. */
export function dismissAbout(about: string): void {
  const rest = notices.get().filter((notice) => notice.about !== about);
  if (rest.length < notices.get().length) notices.set(rest);
}
