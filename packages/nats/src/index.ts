/**
 * Published events of Carillon's modules between services, over NATS JetStream.
 *
 * @packageDocumentation
 */

export { ConsumerTakenError, MessageTooLargeError, NatsError, NoStreamError } from './errors.js';
export { type NatsTransportOptions, natsTransport } from './nats-transport.js';
export type { StreamSettings } from './stream-settings.js';
