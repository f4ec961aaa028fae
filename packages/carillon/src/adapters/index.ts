/**
 * What adapters are made of: the parts of logs and read databases that every adapter can use. For authors of adapters; it may change
 * with any minor version.
 *
 * @packageDocumentation
 */

export type { Beat, Lease, LeaseStore } from '../leasing/lease-store.js';
export { MemoryLeaseStore } from '../leasing/memory-lease-store.js';
export { type EncodedEvent, EventCodec, type StoredEvent } from '../log/event-codec.js';
export { type LogSeeds, newLogSeeds } from '../log/event-id.js';
export { RecentEvents } from '../log/recent-events.js';
