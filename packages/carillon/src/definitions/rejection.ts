import type { JsonObject } from './json.js';

/** The reasons for which a command can be rejected: a code and what it means, in words a person can be shown. */
export type RejectionMessages = { readonly [code: string]: string };

/** A command was understood and refused by the domain. Nothing has changed. */
export interface Rejection<Code extends string = string> {
  readonly rejected: true;
  /** One of the codes that the command declares. */
  readonly code: Code;
  readonly message: string;
  /** Facts that help the caller. */
  readonly details?: JsonObject;
}

/** Whether a command's result, or what `decide` returned, is a rejection. */
export function isRejection(value: unknown): value is Rejection {
  return typeof value === 'object' && value !== null && (value as Rejection).rejected === true;
}
