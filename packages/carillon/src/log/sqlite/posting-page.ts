/**
 * The pages of an index segment. A segment lists postings (the hash of a tag or type, and the offset of an event from
 * the segment's first position), sorted by hash, then offset. It is cut into pages of two kinds:
 *
 * - a pair page holds postings as they are, 8 bytes each, so that one is found by halving;
 * - a run page holds offsets of one frequent hash as differences, mostly 1 or 2 bytes each.
 *
 * Numbers are little-endian, as on every machine that Node runs on.
 */

const pairKind = 0;
const runKind = 1;
const headerBytes = 4;

/** Pages fit into one page of the database file, of 8,192 bytes. */
export const maxPairs = 1_000;
/** With fewer postings than this a hash stays in a pair page. */
export const minRun = 256;
export const maxRun = 2_000;

/** A page that is being looked at. */
export type PostingPage =
  | { readonly kind: 'pairs'; readonly pairs: Uint32Array }
  | { readonly kind: 'run'; readonly offsets: Uint32Array };

/** @param pairs offset, hash, offset, hash, …: read as one number of 64 bits, the hash is the upper half */
export function encodePairs(pairs: Uint32Array): Uint8Array {
  const page = new Uint8Array(headerBytes + pairs.byteLength);
  page[0] = pairKind;
  page.set(new Uint8Array(pairs.buffer, pairs.byteOffset, pairs.byteLength), headerBytes);
  return page;
}

export function encodeRun(offsets: Uint32Array): Uint8Array {
  const page = new Uint8Array(headerBytes + offsets.length * 5);
  page[0] = runKind;
  let at = headerBytes;
  let previous = 0;
  for (const offset of offsets) {
    let difference = offset - previous;
    previous = offset;
    for (; difference > 127; difference = Math.floor(difference / 128)) page[at++] = (difference & 127) | 128;
    page[at++] = difference;
  }
  return page.subarray(0, at);
}

export function decodePage(page: Uint8Array): PostingPage {
  if (page[0] === runKind) return { kind: 'run', offsets: decodeRun(page) };
  const length = (page.length - headerBytes) / 4;
  const begin = page.byteOffset + headerBytes;
  if (begin % 4 === 0) return { kind: 'pairs', pairs: new Uint32Array(page.buffer, begin, length) };
  return { kind: 'pairs', pairs: new Uint32Array(page.slice(headerBytes).buffer, 0, length) };
}

function decodeRun(page: Uint8Array): Uint32Array {
  const offsets = new Uint32Array(page.length - headerBytes);
  let count = 0;
  let offset = 0;
  for (let at = headerBytes; at < page.length; ) {
    let byte = page[at++] as number;
    let difference = byte & 127;
    for (let factor = 128; byte > 127; factor *= 128) {
      byte = page[at++] as number;
      difference += (byte & 127) * factor;
    }
    offset += difference;
    offsets[count++] = offset;
  }
  return offsets.subarray(0, count);
}
