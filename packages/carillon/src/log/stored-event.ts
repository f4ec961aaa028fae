import type { NewEvent, RecordedEvent } from '../definitions/event.js';
import type { JsonObject } from '../definitions/json.js';
import { maxTagLength, maxTagsPerEvent } from '../definitions/tag.js';
import { InvalidEventError, LogLimitError } from './log-errors.js';
import { maxEventBytes, maxEventIdLength, maxEventTypeLength } from './log-limits.js';

/** An event in the form in which logs keep it: what has an inside is encoded, and cannot be changed by anybody. */
export interface StoredEvent {
  readonly position: number;
  readonly type: string;
  readonly version: number;
  readonly tags: readonly string[];
  /** As JSON. */
  readonly data: string;
  /** As JSON; null when there is none. */
  readonly metadata: string | null;
  /** The id that the caller gave; null for the one that follows from time and position. */
  readonly givenId: string | null;
  readonly recordedAtMs: number;
}

/** An event that was checked and encoded, and waits for a position. */
export type EncodedEvent = Omit<StoredEvent, 'position' | 'recordedAtMs'>;

const noMetadata: JsonObject = Object.freeze({});
/** In Unicode mode only a half without its other half is a surrogate. SQLite and PostgreSQL cannot hold one. */
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Checks an event and encodes it, once for memory, disk and wire.
 *
 * @throws InvalidEventError when it is no event or has no JSON form, LogLimitError when it is too large
 */
export function encodeEvent(event: NewEvent): EncodedEvent {
  const { type, version, tags, id } = event;
  checkText('type', type, maxEventTypeLength);
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new InvalidEventError(type, `its version is ${String(version)}; it must be a whole number from 1.`);
  }
  checkTags(type, tags);
  if (id !== undefined) checkText('id', id, maxEventIdLength, type);
  const data = encodeJson(type, 'data', event.data);
  const metadata = event.metadata === undefined ? '{}' : encodeJson(type, 'metadata', event.metadata);
  checkSize(type, data, metadata);
  return {
    type,
    version,
    tags: Object.freeze(tags.slice()),
    data,
    metadata: metadata === '{}' ? null : metadata,
    givenId: id ?? null,
  };
}

/** The event as readers get it: a new object each time, so that nobody can change what others see. */
export function decodeEvent(
  stored: StoredEvent,
  idOf: (recordedAtMs: number, position: number) => string,
): RecordedEvent {
  return {
    type: stored.type,
    version: stored.version,
    data: JSON.parse(stored.data) as unknown,
    tags: stored.tags,
    id: stored.givenId ?? idOf(stored.recordedAtMs, stored.position),
    metadata: stored.metadata === null ? noMetadata : (JSON.parse(stored.metadata) as JsonObject),
    position: stored.position,
    recordedAt: new Date(stored.recordedAtMs),
  };
}

function checkText(what: string, text: string, maxLength: number, type = text): void {
  if (typeof text !== 'string' || text === '' || text.length > maxLength || loneSurrogate.test(text)) {
    throw new InvalidEventError(
      String(type),
      `its ${what} must be a well-formed text of 1 to ${maxLength} characters.`,
    );
  }
}

function checkTags(type: string, tags: readonly string[]): void {
  if (!Array.isArray(tags)) throw new InvalidEventError(type, 'its tags are no list.');
  if (tags.length > maxTagsPerEvent) {
    throw new LogLimitError(
      `An event of type ${type} has ${tags.length} tags; at most ${maxTagsPerEvent} are possible.`,
    );
  }
  for (let i = 0; i < tags.length; i++) {
    const tag: unknown = tags[i];
    if (typeof tag !== 'string' || tag === '' || tag.length > maxTagLength || loneSurrogate.test(tag)) {
      throw new InvalidEventError(type, `its tags must be well-formed texts of 1 to ${maxTagLength} characters.`);
    }
    if (tags.indexOf(tag) !== i) throw new InvalidEventError(type, `it has the tag "${tag}" twice.`);
  }
}

function encodeJson(type: string, what: string, value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value) as string | undefined;
  } catch (cause) {
    throw new InvalidEventError(type, `its ${what} has no JSON form.`, { cause });
  }
  if (json === undefined) throw new InvalidEventError(type, `its ${what} has no JSON form.`);
  return json;
}

function checkSize(type: string, data: string, metadata: string): void {
  // No UTF-16 unit takes more than 3 bytes of UTF-8: small events are not counted exactly.
  if ((data.length + metadata.length) * 3 <= maxEventBytes) return;
  const bytes = Buffer.byteLength(data) + Buffer.byteLength(metadata);
  if (bytes <= maxEventBytes) return;
  throw new LogLimitError(
    `An event of type ${type} has ${bytes} bytes; at most ${maxEventBytes} are possible. ` +
      'Store large content elsewhere and name it in the event.',
  );
}
