// Who works here besides the modules, and what they say.
import { event } from 'carillon';
import { z } from 'zod';

const tags = (e: { readonly listener: string }) => ({ listener: e.listener });

export const ListenerHired = event('ListenerHired', {
  description: 'Somebody can be put on duty who listens for these bells.',
  data: z.object({ listener: z.string(), label: z.string(), bells: z.array(z.string()) }),
  tags,
});

export const CameOnDuty = event('CameOnDuty', { data: z.object({ listener: z.string() }), tags });

export const WentOffDuty = event('WentOffDuty', { data: z.object({ listener: z.string() }), tags });

export const ListenerSpoke = event('ListenerSpoke', {
  description: 'A listener heard a bell, and had something to say.',
  data: z.object({ listener: z.string(), bell: z.string(), says: z.string() }),
  tags,
});

/** What other modules may know: all of them. */
export const published = [ListenerHired, CameOnDuty, WentOffDuty, ListenerSpoke] as const;
