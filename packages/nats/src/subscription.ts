import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerMessages,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { nanos, type PermissionViolationError } from '@nats-io/transport-node';
import type { Publisher, Subscription } from 'carillon/relay';
import { ConsumerTakenError, isNotFound, NatsError, NoStreamError } from './errors.js';
import { consumerName, streamName } from './names.js';

/** So many messages are on their way to an inbox at most. */
const maxInFlight = 1_000;

/** So many bytes of messages are handed over at a time: what is appended at once is limited, and takes memory several times over. */
const maxBatchBytes = 8 * 1_024 * 1_024;

/** So long the server waits before it sends a message again that is not acknowledged, in milliseconds. */
const ackWaitMs = 30_000;

/** Who listens to whom. */
export interface Listening {
  readonly publisher: Publisher;
  readonly subscriber: string;
  readonly receive: (bodies: readonly string[]) => Promise<void>;
  /** Calls `listener` when the server does not permit something; returns what ends that. */
  readonly onRefused: (listener: (error: PermissionViolationError) => void) => () => void;
}

/** Listens to a publisher from where the subscriber was before. */
export async function subscribe(
  manager: JetStreamManager,
  client: JetStreamClient,
  { publisher, subscriber, receive, onRefused }: Listening,
): Promise<Subscription> {
  const stream = streamName(publisher);
  const name = consumerName(subscriber);
  await prepareConsumer(manager, stream, name);
  const consumer = await client.consumers.get(stream, name);
  const waiting: JsMsg[] = [];
  let wake = () => {};
  const messages = await consumer.consume({
    max_messages: maxInFlight,
    abort_on_missing_resource: true,
    callback: (message) => {
      waiting.push(message);
      wake();
    },
  });
  return new Delivery({
    messages,
    waiting,
    receive,
    onWake: (listener) => {
      wake = listener;
    },
    failed: new Promise((_, reject) => {
      const stopListening = onRefused((error) => {
        // Unless it is acknowledged what comes in, the server soon sends nothing more.
        if (!error.subject.startsWith('$JS.ACK.') || !error.subject.includes(`.${stream}.${name}.`)) return;
        reject(new NatsError('What came in could not be acknowledged', error));
      });
      void messages.closed().then((error) => {
        stopListening();
        const isDeleted = error instanceof Error && error.message === 'consumer deleted';
        reject(isDeleted ? new ConsumerTakenError(stream, name) : (error ?? new Error('The consumer was closed.')));
      });
    }),
  });
}

/**
 * Makes the consumer anew, from the first message that is not acknowledged. One that is used again sends those that were on their way
 * late, after newer ones; and when the server has lost messages of the stream, a consumer may be ahead of it and would leave out as many.
 */
async function prepareConsumer(manager: JetStreamManager, stream: string, name: string): Promise<void> {
  const { state } = await manager.streams.info(stream).catch((error: unknown) => {
    throw isNotFound(error) ? new NoStreamError(stream) : error;
  });
  let start = 0;
  try {
    const info = await manager.consumers.info(stream, name);
    start = info.ack_floor.stream_seq + 1;
    await manager.consumers.delete(stream, name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const isAhead = start > state.last_seq + 1;
  const config: Partial<ConsumerConfig> = {
    durable_name: name,
    // Acknowledging one acknowledges all before it.
    ack_policy: AckPolicy.All,
    ack_wait: nanos(ackWaitMs),
    max_ack_pending: maxInFlight,
    ...(start <= 1 || isAhead
      ? { deliver_policy: DeliverPolicy.All }
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: start }),
  };
  await manager.consumers.add(stream, config);
}

interface DeliveryParts {
  readonly messages: ConsumerMessages;
  /** What has come in and was not handed over. */
  readonly waiting: JsMsg[];
  readonly receive: Listening['receive'];
  readonly onWake: (listener: () => void) => void;
  /** Rejects when no more messages come. */
  readonly failed: Promise<void>;
}

/** Hands messages over, as many as are there, and acknowledges them when they have been taken. */
class Delivery implements Subscription {
  readonly ended: Promise<void>;
  readonly #messages: ConsumerMessages;
  #isClosed = false;
  #wake: () => void = () => {};

  constructor({ messages, waiting, receive, onWake, failed }: DeliveryParts) {
    this.#messages = messages;
    onWake(() => this.#wake());
    const broken = failed.catch((error: unknown) => {
      if (!this.#isClosed) throw error;
    });
    this.ended = Promise.race([this.#deliver(waiting, receive), broken]);
    this.ended.catch(() => undefined);
    broken.catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#messages.close();
    await this.ended.catch(() => undefined);
  }

  async #deliver(waiting: JsMsg[], receive: (bodies: readonly string[]) => Promise<void>): Promise<void> {
    while (!this.#isClosed) {
      const batch = nextBatch(waiting);
      if (batch.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          if (waiting.length > 0 || this.#isClosed) resolve();
        });
        continue;
      }
      await receive(batch.map((message) => message.string()));
      batch.at(-1)?.ack();
    }
  }
}

/** Takes out what is handed over next: at least one message, where there is one. */
function nextBatch(waiting: JsMsg[]): JsMsg[] {
  let bytes = 0;
  const tooMany = waiting.findIndex(({ data }, n) => {
    bytes += data.length;
    return n > 0 && bytes > maxBatchBytes;
  });
  return waiting.splice(0, tooMany < 0 ? waiting.length : tooMany);
}
