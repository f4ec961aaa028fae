import type { NewEvent, RecordedEvent } from '../definitions/event.js';
import type { JsonObject } from '../definitions/json.js';
import { checkEvent, checkEventSize } from './event-check.js';
import { eventIds, type LogSeeds } from './event-id.js';
import { InvalidEventError } from './log-errors.js';
import { PostingHash } from './posting-hash.js';

/** An event in the form in which a log keeps it. Everything with an inside is text: nobody can change it. */
export interface StoredEvent {
  readonly position: number;
  readonly type: string;
  readonly version: number;
  /** As a JSON list of texts. */
  readonly tags: string;
  /** As JSON. */
  readonly data: string;
  /** As JSON; null when there is none. */
  readonly metadata: string | null;
  /** The id that the caller gave; null for the one that follows from time and position. */
  readonly givenId: string | null;
  readonly recordedAtMs: number;
}

/** An event that is about to be stored, and what its index is made of. */
export interface EncodedEvent extends StoredEvent {
  /** Given by the sequencer. */
  position: number;
  recordedAtMs: number;
  /** The hash of its type, then of each of its tags. */
  readonly hashes: readonly number[];
  /** What it takes in memory, roughly. */
  readonly sizeBytes: number;
}

/** What an event takes in memory besides its texts, roughly. */
const bookkeepingBytes = 150;

const noMetadata: JsonObject = Object.freeze({});
const noTags: readonly string[] = Object.freeze([]);

/** Turns events into what is stored, and back. */
export class EventCodec {
  readonly hash: PostingHash;
  readonly #idOf: (recordedAtMs: number, position: number) => string;

  constructor({ idSeed, hashSeed }: LogSeeds) {
    this.hash = new PostingHash(hashSeed);
    this.#idOf = eventIds(idSeed);
  }

  /**
   * Checks an event and encodes it, once for memory and disk.
   *
   * @throws InvalidEventError when it is no event or has no JSON form, LogLimitError when it is too large
   */
  encode(event: NewEvent): EncodedEvent {
    checkEvent(event);
    const { type, version, tags, id } = event;
    const data = encodeJson(type, 'data', event.data);
    const metadata = event.metadata === undefined ? '{}' : encodeJson(type, 'metadata', event.metadata);
    checkEventSize(event, data, metadata);
    const tagsJson = tags.length === 0 ? '[]' : JSON.stringify(tags);
    return {
      position: 0,
      type,
      version,
      tags: tagsJson,
      data,
      metadata: metadata === '{}' ? null : metadata,
      givenId: id ?? null,
      recordedAtMs: 0,
      hashes: this.#hashes(type, tags),
      sizeBytes: data.length + metadata.length + tagsJson.length + bookkeepingBytes,
    };
  }

  /**
   * What `encode` gave, for an event that is stored already.
   *
   * @param tags its tags, when they were decoded before
   */
  restore(stored: StoredEvent, tags: readonly string[] = decodeTags(stored.tags)): EncodedEvent {
    const sizeBytes = stored.data.length + (stored.metadata?.length ?? 0) + stored.tags.length + bookkeepingBytes;
    return { hashes: this.#hashes(stored.type, tags), sizeBytes, ...stored };
  }

  /**
   * The event as readers get it: a new object each time, so that nobody can change what others see.
   *
   * @param tags its tags, when they were decoded before
   */
  decode(stored: StoredEvent, tags: readonly string[] = decodeTags(stored.tags)): RecordedEvent {
    return {
      type: stored.type,
      version: stored.version,
      data: JSON.parse(stored.data) as unknown,
      tags,
      id: stored.givenId ?? this.#idOf(stored.recordedAtMs, stored.position),
      metadata: stored.metadata === null ? noMetadata : (JSON.parse(stored.metadata) as JsonObject),
      position: stored.position,
      recordedAt: new Date(stored.recordedAtMs),
    };
  }

  #hashes(type: string, tags: readonly string[]): number[] {
    const hashes = [this.hash.ofType(type)];
    for (const tag of tags) hashes.push(this.hash.ofTag(tag));
    return hashes;
  }
}

/** The tags of a stored event. */
export function decodeTags(tags: string): readonly string[] {
  return tags === '[]' ? noTags : (JSON.parse(tags) as string[]);
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
