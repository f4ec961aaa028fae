import { z } from 'zod';

/** A text that somebody types. What is wrong with it is said in words for whoever typed it. */
export const text = (missing: string, max: number) =>
  z
    .string()
    .min(1, missing)
    .max(max, `Use at most ${max.toLocaleString('en')} characters`);

/** A number of pieces that somebody types. */
export const pieces = (max: number) =>
  z
    .int('Say how many, as a whole number')
    .min(1, 'It is at least 1')
    .max(max, `It is at most ${max.toLocaleString('en')}`);

/** Ids are the caller's: an article number, the number of an order form. */
export const id = text('Give it an id', 100);
