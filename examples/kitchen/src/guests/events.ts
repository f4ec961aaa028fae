// Whether simulated guests come.
import { event } from 'carillon';
import { z } from 'zod';

/** There is one door; its process is told apart by it. */
export const door = 'front';
const tags = () => ({ door });

export const DoorsOpened = event('DoorsOpened', {
  description: 'Simulated guests come: so many parties in a minute of the real clock.',
  data: z.object({ perMinute: z.int() }),
  tags,
});

export const DoorsClosed = event('DoorsClosed', { data: z.object({}), tags });

/** What other modules may know: all of them. */
export const published = [DoorsOpened, DoorsClosed] as const;
