import { command, state } from 'carillon';
import { z } from 'zod';
import { fromInside } from '../from-inside.js';
import { CameOnDuty, ListenerHired, ListenerSpoke, WentOffDuty } from './events.js';

/** The name of a listener, and of its file. */
const listener = z
  .string()
  .min(1, { error: 'Say who', abort: true })
  .regex(/^[a-z][a-z0-9-]{0,40}$/, 'Use lower-case letters, digits and hyphens');

interface Listener {
  readonly isOnDuty: boolean;
  /** What was last said of him; undefined before he was hired. */
  readonly hired?: { readonly label: string; readonly bells: readonly string[] };
}

const somebody = state('listener', { initial: { isOnDuty: false } as Listener })
  .on(ListenerHired, (somebody, { label, bells }) => ({ ...somebody, hired: { label, bells } }))
  .on(CameOnDuty, (somebody) => ({ ...somebody, isOnDuty: true }))
  .on(WentOffDuty, (somebody) => ({ ...somebody, isOnDuty: false }));

export const HireListener = command('HireListener', {
  description: 'Says that somebody can be put on duty. A new one comes on duty at once if he is to.',
  data: z.object({ listener, label: z.string().min(1), bells: z.array(z.string()).min(1), isOnDuty: z.boolean() }),
  reads: (c) => ({ known: somebody(c.listener) }),
  decide: ({ data: { listener, label, bells, isOnDuty }, known }) => {
    const { hired } = known;
    if (hired?.label === label && hired.bells.join() === bells.join()) return;
    const news = ListenerHired({ listener, label, bells });
    return hired === undefined && isOnDuty && !known.isOnDuty ? [news, CameOnDuty({ listener })] : news;
  },
});

export const PutOnDuty = command('PutOnDuty', {
  description: 'Lets somebody listen.',
  data: z.object({ listener }),
  reads: (c) => ({ known: somebody(c.listener) }),
  decide: ({ data, known }) => (known.isOnDuty ? undefined : CameOnDuty(data)),
});

export const TakeOffDuty = command('TakeOffDuty', {
  description: 'Sends somebody home. He hears what he missed when he is back.',
  data: z.object({ listener }),
  reads: (c) => ({ known: somebody(c.listener) }),
  decide: ({ data, known }) => (known.isOnDuty ? WentOffDuty(data) : undefined),
});

export const Speak = command('Speak', {
  description: 'Says something about a bell.',
  data: z.object({ listener, bell: z.string(), says: z.string().min(1).max(500) }),
  authorize: fromInside,
  decide: ({ data }) => ListenerSpoke(data),
});
