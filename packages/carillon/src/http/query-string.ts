import { Problem } from './problem.js';

/** The most parameters of one request. */
const maxParameters = 1_000;

/**
 * The parameters of a URL by name, each with its texts in their order.
 *
 * @throws Problem `malformed-query` when the percent-encoding is none, or is not UTF-8
 */
export function readQueryString(url: string): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  const start = url.indexOf('?');
  if (start === -1) return texts;
  const end = url.indexOf('#', start);
  const pairs = url.slice(start + 1, end === -1 ? undefined : end).split('&', maxParameters + 1);
  if (pairs.length > maxParameters) {
    throw new Problem('malformed-query', `The query string has more than ${maxParameters} parameters.`);
  }
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const text = equals === -1 ? '' : decode(pair.slice(equals + 1));
    const known = texts.get(name);
    if (known === undefined) texts.set(name, [text]);
    else known.push(text);
  }
  return texts;
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw new Problem('malformed-query', 'The query string is not percent-encoded UTF-8.');
  }
}
