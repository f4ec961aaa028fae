/**
 * Published events of Carillon's modules between services, over NATS JetStream.
 *
 * @packageDocumentation
 */
export {};
