import { isUtf8 } from 'node:buffer';
import { Problem } from './problem.js';

/** How large and how deep a body may be. */
export interface JsonBodyLimits {
  readonly maxBodyBytes: number;
  readonly maxJsonDepth: number;
}

/**
 * Reads a request's body as JSON.
 *
 * @throws Problem `unsupported-media-type`, `content-too-large` (before the rest is read), `malformed-json`
 */
export async function readJsonBody(request: Request, limits: JsonBodyLimits): Promise<unknown> {
  const { headers } = request;
  checkMediaType(headers);
  const declaredBytes = headers.get('content-length');
  const bytes =
    declaredBytes === null || Number(declaredBytes) > limits.maxBodyBytes
      ? await readInPieces(request, limits.maxBodyBytes, declaredBytes)
      : await readAtOnce(request, limits.maxBodyBytes);
  return parseJson(bytes, limits.maxJsonDepth);
}

const jsonMediaType = /^application\/(?:json|[\w.-]+\+json)\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?$/i;

function checkMediaType(headers: Headers): void {
  const type = headers.get('content-type');
  if (type !== 'application/json' && !jsonMediaType.test(type ?? '')) {
    throw new Problem(
      'unsupported-media-type',
      'Send the body as "Content-Type: application/json", in UTF-8.',
      {},
      acceptJson,
    );
  }
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    throw new Problem('unsupported-media-type', 'Send the body without Content-Encoding.', {}, acceptIdentity);
  }
}

const acceptJson = { headers: { 'Accept-Post': 'application/json' } };
const acceptIdentity = { headers: { 'Accept-Encoding': 'identity' } };

/** The quick way: the HTTP parser sees to it that no more bytes come than were declared. */
async function readAtOnce(request: Request, maxBytes: number): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = Buffer.from(await request.arrayBuffer());
  } catch (cause) {
    throw interrupted(cause);
  }
  // A Request made in this process may have declared anything.
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  return bytes;
}

async function readInPieces(request: Request, maxBytes: number, declaredBytes: string | null): Promise<Buffer> {
  if (declaredBytes !== null) throw tooLarge(maxBytes);
  if (request.body === null) return Buffer.alloc(0);
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    let piece: Awaited<ReturnType<typeof reader.read>>;
    try {
      piece = await reader.read();
    } catch (cause) {
      throw interrupted(cause);
    }
    if (piece.done) return Buffer.concat(chunks, size);
    size += piece.value.byteLength;
    if (size > maxBytes) {
      void reader.cancel().catch(() => {});
      throw tooLarge(maxBytes);
    }
    chunks.push(piece.value);
  }
}

function tooLarge(maxBytes: number): Problem {
  const detail = `The body may have ${maxBytes} bytes. Send less, or in several commands.`;
  return new Problem('content-too-large', detail, { maxBytes });
}

function interrupted(cause: unknown): Problem {
  return new Problem('malformed-request', 'The body ended before it was complete.', {}, { cause });
}

function parseJson(bytes: Buffer, maxDepth: number): unknown {
  if (bytes.length === 0) throw malformed('The body is empty. Send the data as JSON: {} if there is none.');
  if (!isUtf8(bytes)) throw malformed('The body is not valid UTF-8.');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(`The body is not JSON: ${parserWords(error)}`);
  }
  // The bytes are UTF-8, so half a character can only have been written as an escape.
  check(value, { depthLeft: maxDepth, looksAtTexts: surrogateEscape.test(text) }, '');
  return value;
}

const surrogateEscape = /\\u[dD][89a-fA-F]/;
const halfCharacter = /\p{Surrogate}/u;

/** Where the parser stumbled, without quoting what the caller has sent. */
function parserWords(error: unknown): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return position === undefined
    ? 'it ends too early, or is something else.'
    : `unexpected character at position ${position}.`;
}

interface Check {
  readonly depthLeft: number;
  readonly looksAtTexts: boolean;
}

/**
 * Refuses what is JSON and still no data: what would overflow the stack of whoever walks it, the key that can change an
 * object's prototype, and texts that have no UTF-8 form (RFC 7493, 2.1).
 */
function check(value: unknown, rules: Check, path: string): void {
  if (typeof value === 'string' && rules.looksAtTexts) checkText(value, path);
  if (typeof value !== 'object' || value === null) return;
  if (rules.depthLeft === 0) throw malformed('The body is nested too deeply.');
  const inner = { ...rules, depthLeft: rules.depthLeft - 1 };
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (needsCheck(value[i], rules)) check(value[i], inner, `${path}/${i}`);
    return;
  }
  for (const key of Object.keys(value)) {
    if (rules.looksAtTexts) checkText(key, path);
    if (key === '__proto__') throw malformed('A property may not be called "__proto__".', `${path}/__proto__`);
    const property = (value as Record<string, unknown>)[key];
    if (needsCheck(property, rules))
      check(property, inner, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

function needsCheck(value: unknown, rules: Check): boolean {
  return (typeof value === 'object' && value !== null) || rules.looksAtTexts;
}

function checkText(text: string, path: string): void {
  if (halfCharacter.test(text)) throw malformed('A text holds half of a surrogate pair.', path);
}

function malformed(detail: string, path?: string): Problem {
  return new Problem(
    'malformed-json',
    detail,
    path === undefined ? {} : { issues: [{ path, message: 'is not allowed' }] },
  );
}
