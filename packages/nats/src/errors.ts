import { JetStreamApiError } from '@nats-io/jetstream';
import { CarillonError } from 'carillon';

/** The server has no such stream, consumer or message. */
export function isNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.status === 404;
}

/** Nothing was ever published by a module: the service that hosts it has not been at work here. */
export class NoStreamError extends CarillonError {
  constructor(stream: string) {
    super(
      'nats-no-stream',
      `There is no stream ${stream} yet. The service that hosts the module makes it when it is started: is it, on the same servers?`,
    );
  }
}

/** The server cannot be reached, or could not do what it was asked for. */
export class NatsError extends CarillonError {
  constructor(what: string, cause: unknown) {
    super('nats-failed', `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** An event is larger than the server takes. */
export class MessageTooLargeError extends CarillonError {
  constructor(type: string, id: string, bytes: number, maxBytes: number) {
    super(
      'nats-message-too-large',
      `The event ${type} ${id} has ${bytes} bytes as a CloudEvent; the server takes ${maxBytes}. ` +
        'Set max_payload of the server to 4MB: it is sent then.',
    );
  }
}
