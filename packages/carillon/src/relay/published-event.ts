import { CarillonError } from '../definitions/errors.js';
import type { NewEvent, RecordedEvent } from '../definitions/event.js';
import type { JsonObject } from '../definitions/json.js';
import { isOwnTag } from '../definitions/tag.js';
import { checkEvent, checkEventSize } from '../log/event-check.js';
import { maxEventBytes } from '../log/log-limits.js';
import { inboxTag } from './relay-events.js';
import type { Message, Publisher } from './transport.js';

/** A published event as it comes in. */
export interface PublishedEvent {
  /** The event, with its id, as it goes into a log. */
  readonly event: NewEvent & { readonly id: string; readonly metadata: JsonObject };
  /** Its position in the log of its publisher. */
  readonly position: number;
  /** The position of the event that was published before it; 0 when it is the first. */
  readonly previous: number;
  /** The types that were published as far as its sender knows: only of those nothing lies in between. Undefined when it does not say so. */
  readonly types: readonly string[] | undefined;
}

/** Where an event of another service comes from: in its metadata, as `origin`. */
export interface Origin extends JsonObject {
  readonly module: string;
  /** Its position in the log of its publisher. */
  readonly position: number;
  /** When its publisher recorded it, in ISO 8601. */
  readonly recordedAt: string;
}

/**
 * Writes a CloudEvent 1.0 in JSON. Positions are texts: integers of CloudEvents have 32 bits.
 *
 * @param types what the sender knows to be published; left out where it is said for many events at once
 */
export function writePublished(
  event: RecordedEvent,
  { system, module }: Publisher,
  previous: number,
  types?: readonly string[],
): Message {
  // Carillon's own are about one log, and stay in it.
  const tags = event.tags.filter((tag) => !isOwnTag(tag));
  const { traceparent } = event.metadata;
  const body = JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: sourceOf({ system, module }),
    type: event.type,
    ...(tags.length > 0 ? { subject: tags[0] } : {}),
    time: event.recordedAt.toISOString(),
    datacontenttype: 'application/json',
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    carillonversion: event.version,
    carillonposition: String(event.position),
    carillonprevious: String(previous),
    ...(types === undefined ? {} : { carillontypes: JSON.stringify(types) }),
    carillontags: JSON.stringify(tags),
    carillonmetadata: JSON.stringify(event.metadata),
    data: event.data,
  });
  return { id: event.id, type: event.type, body };
}

/**
 * Reads what `writePublished` wrote.
 *
 * @throws PublishedEventError
 */
export function readPublished(body: string, publisher: Publisher): PublishedEvent {
  const attributes = parsed(body, 'it is no JSON');
  if (!isObject(attributes)) throw new PublishedEventError('it is no JSON object');
  const text = (name: string): string => {
    const value = attributes[name];
    if (typeof value !== 'string' || value === '') throw new PublishedEventError(`its "${name}" is no text`);
    return value;
  };
  const count = (name: string): number => {
    const value = Number(text(name));
    if (!Number.isSafeInteger(value) || value < 0) throw new PublishedEventError(`its "${name}" is no position`);
    return value;
  };
  if (attributes['specversion'] !== '1.0') throw new PublishedEventError('it is no CloudEvent of version 1.0');
  const source = text('source');
  if (source !== sourceOf(publisher)) {
    throw new PublishedEventError(`its source is ${source}, and not ${sourceOf(publisher)}`);
  }
  const version = attributes['carillonversion'];
  if (!Number.isSafeInteger(version)) throw new PublishedEventError('its "carillonversion" is no whole number');
  const tags = parsed(text('carillontags'), 'its "carillontags" are no JSON');
  if (!isTexts(tags)) throw new PublishedEventError('its "carillontags" are no list of texts');
  const metadata = parsed(text('carillonmetadata'), 'its "carillonmetadata" are no JSON');
  if (!isObject(metadata)) throw new PublishedEventError('its "carillonmetadata" are no object');
  const types = 'carillontypes' in attributes ? parsed(text('carillontypes'), 'its "carillontypes" are no JSON') : [];
  if (!isTexts(types)) throw new PublishedEventError('its "carillontypes" are no list of texts');
  const { data } = attributes;
  if (data === undefined) throw new PublishedEventError('it has no "data"');
  const position = count('carillonposition');
  const previous = count('carillonprevious');
  if (previous >= position) throw new PublishedEventError(`it stands at ${position}, after ${previous}`);
  const origin: Origin = { module: publisher.module, position, recordedAt: text('time') };
  const event = {
    ...{ type: text('type'), version: version as number, data, tags, id: text('id') },
    metadata: { ...metadata, origin } as JsonObject,
  };
  checkTakable({ ...event, tags: [...tags, inboxTag(publisher.module)] }, body);
  return {
    event,
    position,
    previous,
    types: 'carillontypes' in attributes ? types : undefined,
  };
}

/** The same, of a message that may be somebody else's: then it is reported, and there is nothing to read. */
export function readIfPublished(
  body: string,
  publisher: Publisher,
  onFailure: (error: unknown) => void,
): PublishedEvent | undefined {
  try {
    return readPublished(body, publisher);
  } catch (error) {
    onFailure(error);
    return undefined;
  }
}

/** No relay sends what a log does not take; if it was taken for an event, it would be tried to append it for ever. */
function checkTakable(event: NewEvent, body: string): void {
  try {
    checkEvent(event);
    // Few are so large that it is worth writing their parts once more.
    if (body.length * 3 > maxEventBytes)
      checkEventSize(event, JSON.stringify(event.data), JSON.stringify(event.metadata));
  } catch (cause) {
    throw new PublishedEventError(`no log takes it: ${(cause as Error).message.replace(/\.$/, '')}`, { cause });
  }
}

function sourceOf({ system, module }: Publisher): string {
  return `/${system}/${module}`;
}

function parsed(json: string, problem: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new PublishedEventError(problem, { cause });
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What came in is no published event: somebody else publishes where only relays should. */
export class PublishedEventError extends CarillonError {
  constructor(problem: string, options?: ErrorOptions) {
    super('published-event-invalid', `A message is no published event: ${problem}.`, options);
  }
}
