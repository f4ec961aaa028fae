import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { RunningApplication } from '../runtime/running-application.js';
import { ApplicationRouter } from './application-router.js';
import { brokenRequestAnswer } from './broken-request.js';
import { Connections } from './connections.js';
import { type HttpHandler, httpHandler } from './http-handler.js';
import type { HttpOptions } from './http-options.js';
import { knownProblem } from './known-problem.js';
import { type Logger, silentLogger } from './logger.js';
import { isLoopback } from './loopback.js';
import { Problem, problemResponse } from './problem.js';
import { AuthenticationRequiredError, ListenError, ServerOptionsError } from './server-errors.js';
import { staticFolder } from './static-folder.js';

/** An application, and where in the server it is. */
export interface Mount extends Omit<HttpOptions, 'basePath' | 'fallback'> {
  readonly running: RunningApplication;
  /** The first segment of its paths. Default: the application's name. */
  readonly name?: string;
  /** A folder of built pages, served under `/<name>/`. */
  readonly pages?: string;
}

/** What `serve` takes. */
export interface ServeOptions extends Omit<HttpOptions, 'basePath' | 'fallback'> {
  /** The applications by name. Options given here are the defaults for all of them. */
  readonly applications: readonly Mount[];
  /** The address to bind to. Default `127.0.0.1`. */
  readonly host?: string;
  /** The port to bind to; 0 for any that is free. Default 8080. */
  readonly port?: number;
  /** Answers whatever is below no application: the page at `/`. Undefined means that there is nothing. */
  readonly root?: (request: Request) => Response | undefined | Promise<Response | undefined>;
  /**
   * Host names by which the server may be asked while it lets anyone in, besides those of this machine. Pages of other
   * sites could otherwise reach it through a name of theirs that leads here (DNS rebinding).
   */
  readonly allowedHosts?: readonly string[];
  /** How long a request may take to come in whole, in milliseconds. Default 30,000. */
  readonly requestTimeoutMs?: number;
  /** The most connections at a time. Default 10,000. */
  readonly maxConnections?: number;
}

/** A server that listens. */
export interface HttpServer {
  /** Where it can be reached: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /**
   * Lets `/health/ready` say 503 while everything is still answered: for as long as a load balancer takes to notice, before `close`.
   */
  drain(): void;
  /**
   * Takes no new connections, ends event streams, finishes the requests that came, and resolves. What has not finished
   * after `timeoutMs` (default 10,000) is cut off. The applications go on: whoever started them closes them.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/**
 * Serves applications over HTTP/1.1, each under its name: `/library/commands/BorrowCopy`.
 *
 * @throws ServerOptionsError, StaticFolderError
 * @throws AuthenticationRequiredError when the address is not of this machine only and an application lets anyone in
 * @throws ListenError when the address cannot be bound to
 */
export async function serve(options: ServeOptions): Promise<HttpServer> {
  const { applications, host = '127.0.0.1', port = 8080, logger = silentLogger } = options;
  check(options, port);
  const open = applications.filter((mount) => (mount.authenticate ?? options.authenticate) === undefined);
  checkHost(host, open.map(nameOf));

  const handlers = new Map<string, HttpHandler>();
  for (const mount of applications) handlers.set(nameOf(mount), await handlerOf(mount, options));
  const allowedHosts = open.length > 0 ? (options.allowedHosts ?? []) : undefined;
  const router = new ApplicationRouter({ handlers, root: options.root, allowedHosts, logger });
  const { server, connections } = createHttpServer((request) => router.fetch(request), options);
  await listen(server, host, port);

  const address = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  logger.info({ url, applications: [...handlers.keys()] }, 'Listening.');
  let closed: Promise<void> | undefined;
  return {
    url,
    host,
    port: address.port,
    drain() {
      for (const handler of handlers.values()) handler.drain();
    },
    close({ timeoutMs = 10_000 } = {}) {
      closed ??= stop(server, connections, handlers.values(), timeoutMs).then(() => logger.info({ url }, 'Stopped.'));
      return closed;
    },
  };
}

/**
 * Who lets anyone in is served to this machine only.
 *
 * @param open the names of the applications that let anyone in
 * @throws AuthenticationRequiredError
 */
export function checkHost(host: string, open: readonly string[]): void {
  if (open.length > 0 && !isLoopback(host)) throw new AuthenticationRequiredError(host, open);
}

function nameOf(mount: Mount): string {
  return mount.name ?? mount.running.application.name;
}

function check({ applications }: ServeOptions, port: number): void {
  const problems: string[] = [];
  if (!Number.isInteger(port) || port < 0 || port > 65_535) problems.push(`The port is ${port}; use 0 to 65535.`);
  const names = applications.map(nameOf);
  for (const name of names) {
    if (!/^[A-Za-z][\w.-]*$/.test(name)) problems.push(`"${name}" cannot be part of a path.`);
  }
  for (const name of new Set(names.filter((one, i) => names.indexOf(one) !== i))) {
    problems.push(`Two applications are called ${name}; give one another \`name\`.`);
  }
  if (problems.length > 0) throw new ServerOptionsError(problems);
}

async function handlerOf(mount: Mount, options: ServeOptions): Promise<HttpHandler> {
  const { running, name: _, pages, ...own } = mount;
  const { applications: _applications, host: _host, port: _port, root: _root, ...shared } = options;
  const basePath = `/${nameOf(mount)}`;
  const fallback = pages === undefined ? {} : { fallback: await staticFolder(pages, basePath) };
  return httpHandler(running, { ...shared, ...own, basePath, ...fallback });
}

function createHttpServer(
  fetch: (request: Request) => Promise<Response>,
  options: ServeOptions,
): { server: Server; connections: Connections } {
  const { requestTimeoutMs = 30_000, maxConnections = 10_000, logger = silentLogger } = options;
  const listener = getRequestListener(fetch, {
    // Only reached when the request is none: everything else is answered by `fetch`, which does not reject.
    errorHandler: (error) => problemResponse(unreadable(error, logger)),
  });
  const server = createServer({
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(requestTimeoutMs, 5_000),
  });
  const connections = new Connections(server);
  server.maxConnections = maxConnections;
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    connections.answers(incoming.socket, outgoing);
    void listener(incoming, outgoing);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const canBeTold = socket.writable && error.code !== 'ECONNRESET' && !connections.isMidAnswer(socket);
    if (canBeTold) socket.end(brokenRequestAnswer(error.code));
    else socket.destroy();
  });
  return { server, connections };
}

function unreadable(error: unknown, logger: Logger): Problem {
  if (error instanceof Error && error.name === 'RequestError') {
    return new Problem('malformed-request', 'The request line or the Host header cannot be read.');
  }
  return knownProblem(error, logger, {});
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(new ListenError(host, port, error));
    server.once('error', onError);
    server.listen(port, host.replace(/^\[(.*)\]$/, '$1'), () => {
      server.off('error', onError);
      resolve();
    });
  });
}

/** What is idle is closed at once; what becomes idle later has to be closed then. */
function stop(
  server: Server,
  connections: Connections,
  handlers: Iterable<HttpHandler>,
  timeoutMs: number,
): Promise<void> {
  for (const handler of handlers) handler.close();
  return new Promise((resolve) => {
    const idle = setInterval(() => connections.closeIdle(), 10);
    const deadline = setTimeout(() => connections.cutOff(), timeoutMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(deadline);
      resolve();
    });
    connections.closeIdle();
  });
}
