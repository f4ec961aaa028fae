import { store } from '@carillon-examples/pages';
import { bellOf } from './bell.js';
import { isSoundOn, play } from './sound.js';

/** A bell that has rung. */
interface Rung {
  readonly position: number;
  readonly bell: string;
}

/** The most bells that sound for one answer: after a pause many have rung. */
const mostSounds = 4;

/** Where in the log each bell last rang, while this page has been open. */
export const lastRung = store<Readonly<Record<string, number>>>({});

let heardUpTo: number | undefined;

/** Takes note of the last bells, the newest first: those that are new are seen, and heard when the sound is on. */
export function hear(rung: readonly Rung[]): void {
  const newest = rung[0]?.position ?? 0;
  // What rang before somebody looked is old.
  const fresh = heardUpTo === undefined ? [] : rung.filter(({ position }) => position > (heardUpTo ?? 0)).reverse();
  heardUpTo = Math.max(newest, heardUpTo ?? 0);
  if (fresh.length === 0) return;
  lastRung.set({ ...lastRung.get(), ...Object.fromEntries(fresh.map(({ bell, position }) => [bell, position])) });
  if (!isSoundOn.get()) return;
  const heard = fresh.map(({ bell }) => bellOf(bell).sound).filter((sound) => sound.length > 0);
  for (const [nth, sound] of heard.slice(-mostSounds).entries()) play(sound, nth * 0.16);
}
