import { CarillonError } from '../definitions/errors.js';

/** The server would be open to the network, and some of its applications take anyone for a guest. */
export class AuthenticationRequiredError extends CarillonError {
  readonly host: string;

  constructor(host: string, applications: readonly string[]) {
    super(
      'authentication-required',
      `The server does not bind to ${host} while ${applications.join(', ')} let${applications.length === 1 ? 's' : ''} ` +
        'anyone in: configure `authenticate`, or bind to 127.0.0.1.',
    );
    this.host = host;
  }
}

/** The server could not bind to its address. */
export class ListenError extends CarillonError {
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    super('listen-failed', `The server cannot listen on ${host} port ${port}: ${reason(cause)}`, { cause });
    this.host = host;
    this.port = port;
  }
}

/** What the server was told does not fit together. */
export class ServerOptionsError extends CarillonError {
  constructor(problems: readonly string[]) {
    super('server-options-invalid', `The server cannot be started: ${problems.join(' ')}`);
  }
}

function reason(cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case 'EADDRINUSE':
      return 'another program uses the port. Stop it, or choose another port.';
    case 'EACCES':
      return 'ports below 1024 need more rights. Choose another port.';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'this machine has no such address.';
    default:
      return `${cause.code ?? cause.message}.`;
  }
}
