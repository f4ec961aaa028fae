import { createHash } from 'node:crypto';
import type { Actor } from '../definitions/actor.js';
import type { JsonObject } from '../definitions/json.js';

/** The longest command id, in UTF-16 code units. */
export const maxCommandIdLength = 200;

/** The tag by which the log finds the events of a command whose caller gave it an id. */
export function commandTag(commandId: string): string {
  return `carillon.command:${commandId}`;
}

/** What the events of a command say about it. */
export interface CommandMetadata extends JsonObject {
  readonly commandId: string;
  /** The command's name. */
  readonly command: string;
  /** Who asked: the actor's id. */
  readonly actor?: string;
  /** Tells another command under the same id from this one sent again. Only when the caller gave the id. */
  readonly fingerprint?: string;
}

/** The metadata of the events that a command makes. */
export function commandMetadata(
  command: string,
  commandId: string,
  actor: Actor | undefined,
  fingerprint: string | undefined,
  given: JsonObject | undefined,
): CommandMetadata {
  const metadata: { commandId: string; command: string; actor?: string; fingerprint?: string } = { commandId, command };
  if (actor !== undefined) metadata.actor = actor.id;
  if (fingerprint !== undefined) metadata.fingerprint = fingerprint;
  return given === undefined ? metadata : { ...given, ...metadata };
}

/** The same for the same command with the same data: 96 bits of SHA-256, in base64url. */
export function commandFingerprint(command: string, data: unknown): string {
  const hash = createHash('sha256')
    .update(command)
    .update('\n')
    .update(JSON.stringify(data) ?? '');
  return hash.digest().subarray(0, 12).toString('base64url');
}
