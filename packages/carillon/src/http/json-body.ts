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
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw malformed(`The body is not JSON: ${parserWords(error)}`);
  }
  if (typeof value === 'object' && value !== null) checkNesting(value, maxDepth, '');
  return value;
}

/** Where the parser stumbled, without quoting what the caller has sent. */
function parserWords(error: unknown): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return position === undefined
    ? 'it ends too early, or is something else.'
    : `unexpected character at position ${position}.`;
}

/** Refuses what would overflow the stack of whoever walks it, and the key that can change an object's prototype. */
function checkNesting(value: object, depthLeft: number, path: string): void {
  if (depthLeft === 0) throw malformed('The body is nested too deeply.');
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      if (typeof item === 'object' && item !== null) checkNesting(item, depthLeft - 1, `${path}/${i}`);
    }
    return;
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__') {
      throw malformed('A property may not be called "__proto__".', [
        { path: `${path}/__proto__`, message: 'is not allowed' },
      ]);
    }
    const property = (value as Record<string, unknown>)[key];
    if (typeof property === 'object' && property !== null) {
      checkNesting(property, depthLeft - 1, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }
  }
}

function malformed(detail: string, issues?: { path: string; message: string }[]): Problem {
  return new Problem('malformed-json', detail, issues === undefined ? {} : { issues });
}
