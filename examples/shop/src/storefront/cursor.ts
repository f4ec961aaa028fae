import { z } from 'zod';

/** The orders of a search. */
export const sort = z.enum(['relevance', 'popularity', 'price-low', 'price-high']);

/** Where a page ended: its order, and the last product's place in it. */
const place = z.object({ sort, rank: z.number(), productId: z.string() });

/** A place as callers see it: a text that they hand back as it is. */
export const cursor = z.string().transform((text, context) => {
  const read = place.safeParse(readJson(text));
  if (read.success) return read.data;
  context.addIssue({ code: 'custom', message: 'must be the `next` of an earlier page' });
  return z.NEVER;
});

export function writeCursor(last: z.infer<typeof place>): string {
  return Buffer.from(JSON.stringify(last)).toString('base64url');
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
