/**
 * HTTP: commands in, queries and live queries out, as problem documents (RFC 9457) when something is wrong.
 *
 * @packageDocumentation
 */
export { type Authenticate, UnauthenticatedError } from './authentication.js';
export type { CrossOriginOptions } from './cross-origin.js';
export { type HttpHandler, httpHandler } from './http-handler.js';
export type { Call, HttpOptions } from './http-options.js';
export { type Logger, silentLogger } from './logger.js';
export { type ProblemCode, type ProblemDocument, problemTypes } from './problem.js';
export { type HttpServer, type Mount, type ServeOptions, serve } from './server.js';
export { AuthenticationRequiredError, ListenError, ServerOptionsError } from './server-errors.js';
export { StaticFolderError, staticFolder } from './static-folder.js';
