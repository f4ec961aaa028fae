import type { Rejection } from './rejection.js';

/**
 * A command was accepted, and what it changed is durable.
 *
 * Hand it to a query as `after` to read your own writes.
 */
export interface Receipt {
  readonly commandId: string;
  /**
   * Every effect of the command is at or below this position. A command that changed nothing gets the position of what
   * it was decided on.
   */
  readonly position: number;
  /** Never there: it makes `if (result.rejected)` tell a receipt from a rejection. */
  readonly rejected?: never;
}

/** What a command comes back with: a receipt, or a rejection with one of its declared codes. Never data. */
export type CommandResult<Code extends string = string> = Receipt | Rejection<Code>;
