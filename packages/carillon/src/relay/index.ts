/**
 * Events between services: relays send what modules publish, inboxes take in what they consume, and a transport carries it.
 *
 * @packageDocumentation
 */

export type { RelayStatus, RelayTrouble } from '../runtime/relay-status.js';
export { type Connection, type ConnectOptions, connect } from './connect.js';
export { PublishedEventError } from './published-event.js';
export { PublisherAwayError, PublisherBehindError, PublisherChangedError, RelayAheadError } from './relay-errors.js';
export type { RelayFailure, RelayRecovery } from './relay-warning.js';
export type { Kept, Message, Publisher, Subscription, Transport } from './transport.js';
