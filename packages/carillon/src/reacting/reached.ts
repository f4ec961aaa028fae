import type { AnyReaction } from '../definitions/module.js';
import type { Log } from '../log/log.js';
import type { LogQuery } from '../log/log-query.js';
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
  const [next] = await log.read(queryOf(reaction), { after: position, limit: 1 });
  return next === undefined ? Math.max(position, head) : next.position - 1;
}

/** The events that a reaction or process manager is about. */
export function queryOf(reaction: AnyReaction): LogQuery {
  return reaction.kind === 'process-manager' ? processQuery(reaction) : reactionQuery(reaction);
}
