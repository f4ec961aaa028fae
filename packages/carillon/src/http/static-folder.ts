import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { CarillonError } from '../definitions/errors.js';
import { matchesEntityTag } from './request-headers.js';

/** Content types by extension: what bundlers make, and what pages use. Anything else is a download. */
const contentTypes: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
};

/** `/assets/index-BxY12abc.js`: a name that changes with the content, as Vite and other bundlers write it. */
const hashedName = /^\/assets\/.*[-.][\w-]{8,}\.\w+$/;

/** Larger files are not pages: they are not served, so that none has to be held in memory. */
const maxFileBytes = 32 * 1_048_576;

/** What pages may load: their own files, pictures from anywhere; inline styles, which component libraries need. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob: https:",
  "media-src 'self' data: blob:",
  "font-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "frame-ancestors 'self'",
].join('; ');

/** The folder of built pages is not there. */
export class StaticFolderError extends CarillonError {
  constructor(folder: string) {
    super(
      'static-folder-missing',
      `There is no index.html in ${folder}. Build the pages first, or leave the folder out.`,
    );
  }
}

/**
 * Serves the built pages of a single-page application below `basePath`: files as they are, those with a hash in
 * their name for ever, and `index.html` for every other path without an extension, so that a page's own addresses can be
 * opened. Whatever is not a regular file inside the folder does not exist: no `..`, no dot files, no links that lead out.
 *
 * @returns a function that answers GET and HEAD requests; `undefined` when there is no such file
 * @throws StaticFolderError when the folder has no `index.html`
 */
export async function staticFolder(
  folder: string,
  basePath: string,
): Promise<(request: Request) => Promise<Response | undefined>> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined || (await readable(root, join(root, 'index.html'))) === undefined)
    throw new StaticFolderError(folder);

  return async (request) => {
    const path = pathBelow(request.url, basePath);
    if (path === undefined) return undefined;
    if (path === '' && basePath !== '') return redirect(request.url, basePath);
    const wanted = path === '' || path === '/' ? '/index.html' : path;
    const found = await readable(root, join(root, wanted));
    if (found !== undefined) return fileResponse(request, found, wanted);
    if (extname(wanted) !== '' || !acceptsHtml(request)) return undefined;
    const page = await readable(root, join(root, 'index.html'));
    return page === undefined ? undefined : fileResponse(request, page, '/index.html');
  };
}

/** The decoded path below the base path; undefined when it is not below it or cannot name a file. */
function pathBelow(url: string, basePath: string): string | undefined {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const encoded = /^[^?#]*/.exec(url.slice(start))![0];
  if (!encoded.startsWith(basePath)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(encoded.slice(basePath.length));
  } catch {
    return undefined;
  }
  if (path !== '' && !path.startsWith('/')) return undefined;
  if (/[\\\0]/.test(path) || path.split('/').some((segment) => segment.startsWith('.'))) return undefined;
  return path;
}

interface ReadableFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

async function readable(root: string, file: string): Promise<ReadableFile | undefined> {
  try {
    const path = await realpath(file);
    if (!path.startsWith(root + sep)) return undefined;
    const found = await stat(path);
    if (!found.isFile() || found.size > maxFileBytes) return undefined;
    return { path, sizeBytes: found.size, modifiedMs: Math.trunc(found.mtimeMs) };
  } catch {
    return undefined;
  }
}

async function fileResponse(request: Request, file: ReadableFile, name: string): Promise<Response> {
  const hash = `${file.sizeBytes.toString(36)}-${file.modifiedMs.toString(36)}`;
  const contentType = contentTypes[extname(name).toLowerCase()] ?? 'application/octet-stream';
  const headers: Record<string, string> = {
    'Cache-Control': hashedName.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: `W/"${hash}"`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
  };
  if (matchesEntityTag(request.headers, hash)) return new Response(null, { status: 304, headers });
  headers['Content-Type'] = contentType;
  if (contentType.startsWith('text/html')) headers['Content-Security-Policy'] = contentSecurityPolicy;
  if (request.method === 'HEAD') {
    headers['Content-Length'] = String(file.sizeBytes);
    return new Response(null, { status: 200, headers });
  }
  return new Response(await readFile(file.path), { status: 200, headers });
}

function redirect(url: string, basePath: string): Response {
  const query = url.indexOf('?');
  return new Response(null, {
    status: 308,
    headers: { Location: `${basePath}/${query === -1 ? '' : url.slice(query)}` },
  });
}

function acceptsHtml(request: Request): boolean {
  const accept = request.headers.get('accept') ?? '*/*';
  return accept.includes('text/html') || accept.includes('*/*');
}
