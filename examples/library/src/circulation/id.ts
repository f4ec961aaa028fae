import { z } from 'zod';

/** Ids are the caller's: the label on a copy, the number on a card. */
export const id = z.string().min(1).max(100);
