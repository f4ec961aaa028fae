import { Problem } from './problem.js';

const commandIdText = /^[\x21-\x2b\x2d-\x7e]{1,200}$/;

/**
 * The command id in `Idempotency-Key`, with or without the quotes of the IETF draft
 * (draft-ietf-httpapi-idempotency-key-header).
 *
 * @throws Problem `header-invalid`
 */
export function readIdempotencyKey(headers: Headers): string | undefined {
  const value = headers.get('idempotency-key');
  if (value === null) return undefined;
  const id = value.length > 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  if (commandIdText.test(id)) return id;
  throw new Problem(
    'header-invalid',
    'Idempotency-Key must have 1 to 200 visible ASCII characters without commas, for instance a UUID.',
    { header: 'Idempotency-Key' },
  );
}

const traceparent = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

/**
 * The W3C trace context. One that is not valid is left out, as https://www.w3.org/TR/trace-context/#traceparent-header
 * demands.
 */
export function readTraceparent(headers: Headers): string | undefined {
  const value = headers.get('traceparent');
  return value !== null && traceparent.test(value) ? value : undefined;
}

/**
 * The position in `Carillon-After`.
 *
 * @throws Problem `header-invalid`
 */
export function readAfter(headers: Headers): number | undefined {
  const value = headers.get('carillon-after');
  if (value === null) return undefined;
  const position = readPosition(value);
  if (position !== undefined) return position;
  throw new Problem(
    'header-invalid',
    'Carillon-After must be a position of the log: a whole number from 0 to 9007199254740991.',
    { header: 'Carillon-After' },
  );
}

/** The position in `Last-Event-ID`: what a subscriber has seen. Anything else is no reason to refuse it. */
export function readLastEventId(headers: Headers): number | undefined {
  const value = headers.get('last-event-id');
  return value === null ? undefined : readPosition(value);
}

function readPosition(text: string): number | undefined {
  if (!/^\d{1,16}$/.test(text)) return undefined;
  const position = Number(text);
  return Number.isSafeInteger(position) ? position : undefined;
}

/** Whether `If-None-Match` names this entity tag (RFC 9110, 13.1.2: weak comparison, lists, `*`). */
export function matchesEntityTag(headers: Headers, hash: string): boolean {
  const value = headers.get('if-none-match');
  if (value === null) return false;
  if (value.trim() === '*') return true;
  for (const [, tag] of value.matchAll(/(?:W\/)?"([^"]*)"/g)) if (tag === hash) return true;
  return false;
}

/** Whether `Accept` asks for an event stream. Whoever takes anything gets JSON. */
export function acceptsEventStream(headers: Headers): boolean {
  const accept = headers.get('accept');
  return accept !== null && /(?:^|,)\s*text\/event-stream\s*(?:;|,|$)/i.test(accept);
}
