import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream';
import { RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Publisher } from 'carillon/relay';
import { isNotFound } from './errors.js';
import { allSubjects, streamName } from './names.js';

/** How streams are made that are not there yet. Those that are there are left as they are. */
export interface StreamSettings {
  /** On how many servers of a cluster each message is stored: 1, 3 or 5. Default 1; 3 in a cluster of three. */
  readonly replicas?: number;
  /** How long messages are kept, in milliseconds. Default 7 days. What is older comes from the publisher's log. */
  readonly maxAgeMs?: number;
  /** How many bytes of messages are kept of each module at most. Default: no limit but that of the server. */
  readonly maxBytes?: number;
}

const defaultMaxAgeMs = 7 * 24 * 60 * 60 * 1_000;

/** So long the server notices that an event was published before, in milliseconds. Inboxes notice it for ever. */
const duplicateWindowMs = 2 * 60 * 1_000;

/** The stream of a module, made when it is not there. */
export async function ensureStream(
  manager: JetStreamManager,
  publisher: Publisher,
  { replicas = 1, maxAgeMs = defaultMaxAgeMs, maxBytes = -1 }: StreamSettings,
): Promise<StreamInfo> {
  const name = streamName(publisher);
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return manager.streams.add({
    name,
    description: `What module ${publisher.module} of ${publisher.system} publishes, as CloudEvents`,
    subjects: [allSubjects(publisher)],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    num_replicas: replicas,
    max_age: nanos(maxAgeMs),
    max_bytes: maxBytes,
    duplicate_window: nanos(Math.min(duplicateWindowMs, maxAgeMs)),
  });
}
