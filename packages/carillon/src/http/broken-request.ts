import { Problem, type ProblemCode, problemDocument, problemHeaders, problemTypes } from './problem.js';

const brokenRequests: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'The headers may have 16 KiB.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['content-too-large', 'The chunk extensions are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'The request did not come in whole in time.'],
};

/** The answer to what is no HTTP request, as it goes over the wire; `code` is that of Node's parser. */
export function brokenRequestAnswer(code: string | undefined): string {
  const [problemCode, detail] = brokenRequests[code ?? ''] ?? [
    'malformed-request',
    'This is no valid HTTP/1.1 request.',
  ];
  const problem = new Problem(problemCode, detail);
  const body = JSON.stringify(problemDocument(problem));
  const headers = {
    ...problemHeaders(problem),
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${problem.status} ${problemTypes[problem.code].title}\r\n${lines.join('')}\r\n${body}`;
}
