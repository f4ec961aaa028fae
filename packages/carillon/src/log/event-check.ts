import type { NewEvent } from '../definitions/event.js';
import { isOwnTag, maxTagLength, maxTagsPerEvent } from '../definitions/tag.js';
import { InvalidEventError, LogLimitError } from './log-errors.js';
import { maxAddedBytes, maxEventBytes, maxEventIdLength, maxEventTypeLength, maxEventVersion } from './log-limits.js';

/** Texts that UTF-8 can hold: every half of a surrogate pair has its other half. (Node has it; the library of ES2023 not.) */
interface MaybeWellFormed {
  isWellFormed(): boolean;
}

/**
 * Refuses what is no event. Its data and metadata are not looked at.
 *
 * @throws InvalidEventError, LogLimitError
 */
export function checkEvent({ type, version, tags, id }: NewEvent): void {
  if (!isText(type, maxEventTypeLength)) refuse(type, `its type must be ${textOf(maxEventTypeLength)}.`);
  if (!Number.isInteger(version) || version < 1 || version > maxEventVersion) {
    refuse(type, `its version is ${String(version)}; it must be a whole number from 1 to ${maxEventVersion}.`);
  }
  if (id !== undefined && !isText(id, maxEventIdLength)) refuse(type, `its id must be ${textOf(maxEventIdLength)}.`);
  if (!Array.isArray(tags)) refuse(type, 'its tags are no list.');
  if (tags.length > maxTagsPerEvent) checkTagCount(type, tags);
  for (let i = 0; i < tags.length; i++) {
    const tag = tags[i] as string;
    if (!isText(tag, maxTagLength)) refuse(type, `each of its tags must be ${textOf(maxTagLength)}.`);
    if (i > 0 && tags.indexOf(tag) < i) refuse(type, `it has the tag "${tag}" twice.`);
  }
}

function checkTagCount(type: string, tags: readonly string[]): void {
  const count = tags.filter((tag) => !isOwnTag(tag)).length;
  if (count <= maxTagsPerEvent) return;
  throw new LogLimitError(`An event of type ${type} has ${count} tags; at most ${maxTagsPerEvent} are possible.`);
}

/** @throws LogLimitError when data and metadata, as JSON, are too large together */
export function checkEventSize(event: NewEvent, data: string, metadata: string): void {
  // No UTF-16 unit takes more than 3 bytes of UTF-8: small events are not counted exactly.
  if ((data.length + metadata.length) * 3 <= maxEventBytes) return;
  const bytes = Buffer.byteLength(data) + Buffer.byteLength(metadata) - addedBytes(event);
  if (bytes <= maxEventBytes) return;
  throw new LogLimitError(
    `An event of type ${event.type} has ${bytes} bytes; at most ${maxEventBytes} are possible. ` +
      'Store large content elsewhere and name it in the event.',
  );
}

/** An inbox notes down where an event comes from. That does not count, or what one log takes another would not. */
function addedBytes({ tags, metadata }: NewEvent): number {
  const origin = metadata?.['origin'];
  if (origin === undefined || !tags.some(isOwnTag)) return 0;
  return Math.min(maxAddedBytes, Buffer.byteLength(JSON.stringify({ origin })));
}

function isText(value: unknown, maxLength: number): boolean {
  if (typeof value !== 'string' || value === '' || value.length > maxLength) return false;
  return (value as unknown as MaybeWellFormed).isWellFormed();
}

function textOf(maxLength: number): string {
  return `a well-formed text of 1 to ${maxLength} characters`;
}

function refuse(type: unknown, problem: string): never {
  throw new InvalidEventError(String(type), problem);
}
