import { z } from 'zod';

/** Ids are the caller's: an article number, the number of an order form. */
export const id = z.string().min(1).max(100);
