import { JetStreamApiError } from '@nats-io/jetstream';
import { CarillonError } from 'carillon';

/** The server has no such stream, consumer or message. */
export function isNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.status === 404;
}

/** The server has no JetStream; or, where something is published, no stream that takes it: it does not tell one from the other. */
export function isWithoutJetStream(error: unknown): boolean {
  return error instanceof Error && error.name === 'JetStreamNotEnabled';
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

/** The consumer of a service is no longer the one that the service made. */
export class ConsumerTakenError extends CarillonError {
  constructor(stream: string, consumer: string) {
    super(
      'nats-consumer-taken',
      `The consumer ${consumer} of stream ${stream} was deleted, or made anew by another process. That happens when one takes over from another; ` +
        `if it goes on, two services run under the name ${consumer}.`,
    );
  }
}

/** The server cannot be reached, or could not do what it was asked for. */
export class NatsError extends CarillonError {
  constructor(what: string, cause: unknown) {
    super('nats-failed', `${what}: ${cause instanceof Error ? cause.message : String(cause)}${adviceOn(cause)}`, {
      cause,
    });
  }
}

/** What to do about it, where that is known. */
function adviceOn(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  if (/authorization violation/i.test(cause.message))
    return '. Look at user and password, or token, in the address of the server';
  if (/permissions violation/i.test(cause.message))
    return '. Let the server permit it: the how-to on services lists what they need';
  if (/ENOTFOUND/.test(cause.message)) return '. Look at the name of the host in the address of the server';
  return '';
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
