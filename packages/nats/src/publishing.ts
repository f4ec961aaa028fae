import { JetStreamApiError, type JetStreamClient, type JetStreamManager, type PubAck } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { Message, Publisher } from 'carillon/relay';
import { isWithoutJetStream, MessageTooLargeError } from './errors.js';
import { streamName, subjectOf } from './names.js';

const contentType = 'application/cloudevents+json; charset=UTF-8';

/** What a server says when the newest message of a stream is another than was expected: JSStreamWrongLastSequenceErrF of NATS. */
const wrongLastSequence = 10_071;

/** By what messages are sent. */
export interface PublishingParts {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  /** How long to wait for an answer of the server, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Sends messages all at once, and each for one place in its stream: right behind the one before. Where one gets lost on its way the server
 * stores nothing of what follows, so that all that came before the last message of a stream is in it. Another process that sends the same
 * finds the places taken.
 */
export class Publishing {
  /** The sequence number of the last message of a stream, as far as it is known. */
  readonly #ends = new Map<string, number>();

  /** Says what was found as the last message of a stream. */
  endsAt(stream: string, sequence: number): void {
    this.#ends.set(stream, sequence);
  }

  /** Resolves when all are stored. When it rejects, some of the first may be. */
  async publish(parts: PublishingParts, publisher: Publisher, messages: readonly Message[]): Promise<void> {
    for (let sent = 0; sent < messages.length; ) sent += await this.#publish(parts, publisher, messages.slice(sent));
  }

  /** Says how many of the first messages are stored: all, or those that the stream had already. */
  async #publish(parts: PublishingParts, publisher: Publisher, messages: readonly Message[]): Promise<number> {
    const stream = streamName(publisher);
    const end = this.#ends.get(stream) ?? (await parts.manager.streams.info(stream)).state.last_seq;
    this.#ends.delete(stream);
    const answers = await Promise.allSettled(send(parts, publisher, messages, end));
    const acknowledged: PubAck[] = [];
    for (const answer of answers) {
      if (answer.status === 'fulfilled') {
        acknowledged.push(answer.value);
        continue;
      }
      // What was stored before has no new place: those behind it were sent for wrong ones.
      const isMisplaced = isOutOfPlace(answer.reason) && acknowledged.some(({ duplicate }) => duplicate);
      if (isMisplaced) return acknowledged.length;
      throw explained(answer.reason, stream);
    }
    if (!acknowledged.some(({ duplicate }) => duplicate)) this.#ends.set(stream, end + messages.length);
    return messages.length;
  }
}

/** Sends messages for the places behind the end of the stream, up to one that is too large. */
function send(
  { connection, client, timeoutMs }: PublishingParts,
  publisher: Publisher,
  messages: readonly Message[],
  end: number,
): Promise<PubAck>[] {
  const { max_payload: maxBytes = Number.POSITIVE_INFINITY } = connection.info ?? {};
  const sent: Promise<PubAck>[] = [];
  for (const { id, type, body } of messages) {
    const payload = Buffer.from(body);
    if (payload.length > maxBytes) {
      sent.push(Promise.reject(new MessageTooLargeError(type, id, payload.length, maxBytes)));
      break;
    }
    const fields = headers();
    fields.set('Content-Type', contentType);
    const expect = { lastSequence: end + sent.length };
    sent.push(
      client.publish(subjectOf(publisher, type), payload, { msgID: id, headers: fields, timeout: timeoutMs, expect }),
    );
  }
  return sent;
}

function isOutOfPlace(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === wrongLastSequence;
}

function explained(error: unknown, stream: string): unknown {
  if (isOutOfPlace(error)) {
    return new Error(`something else was published to ${stream} meanwhile`, { cause: error });
  }
  if (!isWithoutJetStream(error)) return error;
  return new Error(`no stream takes them now. If that lasts: was ${stream} deleted, or given other subjects?`, {
    cause: error,
  });
}
