import type { AnyReaction } from '../definitions/module.js';
import type { Log } from '../log/log.js';
import { processQuery } from './process-log.js';
import { reactionQuery } from './reaction-work.js';

/**
 * How far a reaction has got that last recorded a position. That nothing was to be done is not recorded: where the log holds nothing
 * more for it, it is at the head.
 */
export async function reached(
  log: Pick<Log, 'read' | 'head'>,
  reaction: AnyReaction,
  position: number,
): Promise<number> {
  const head = await log.head();
  const query = reaction.kind === 'process-manager' ? processQuery(reaction) : reactionQuery(reaction);
  const [next] = await log.read(query, { after: position, limit: 1 });
  return next === undefined ? Math.max(position, head) : next.position - 1;
}
