import type { z } from 'zod';
import type { itemKind, memberKind } from './events.js';

/** How many copies a member may have at once. */
export const loanLimit: Record<z.infer<typeof memberKind>, number> = { adult: 10, child: 5, staff: 30 };

/** For how many days an item is lent. */
export const loanDays: Record<z.infer<typeof itemKind>, number> = { book: 28, audiobook: 14, magazine: 7 };
