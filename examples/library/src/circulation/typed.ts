import { z } from 'zod';

/** A text that somebody types. What is wrong with it is said in words for whoever typed it. */
export const text = (missing: string, max: number) =>
  z
    .string()
    .min(1, missing)
    .max(max, `Use at most ${max.toLocaleString('en')} characters`);

/** Ids are the caller's: the label on a copy, the number on a card. */
export const id = (missing: string) => text(missing, 100);
