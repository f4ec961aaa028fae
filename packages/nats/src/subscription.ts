import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerMessages,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Publisher, Subscription } from 'carillon/relay';
import { isNotFound, NoStreamError } from './errors.js';
import { consumerName, streamName } from './names.js';

/** So many messages are on their way to an inbox at most. */
const maxInFlight = 1_000;

/** So long the server waits before it sends a message again that is not acknowledged, in milliseconds. */
const ackWaitMs = 30_000;

/** Listens to a publisher from where the subscriber was before. */
export async function subscribe(
  manager: JetStreamManager,
  client: JetStreamClient,
  publisher: Publisher,
  subscriber: string,
  receive: (bodies: readonly string[]) => Promise<void>,
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
  const delivery = new Delivery(messages, waiting, receive, (listener) => {
    wake = listener;
  });
  return delivery;
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

/** Hands messages over, as many as are there, and acknowledges them when they have been taken. */
class Delivery implements Subscription {
  readonly ended: Promise<void>;
  readonly #messages: ConsumerMessages;
  #isClosed = false;
  #wake: () => void = () => {};

  constructor(
    messages: ConsumerMessages,
    waiting: JsMsg[],
    receive: (bodies: readonly string[]) => Promise<void>,
    onWake: (listener: () => void) => void,
  ) {
    this.#messages = messages;
    onWake(() => this.#wake());
    const broken = messages.closed().then((error) => {
      if (!this.#isClosed) throw error instanceof Error ? error : new Error('The consumer was closed.');
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
      const batch = waiting.splice(0);
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
