import type { Application } from '../definitions/application.js';
import { claimWork } from '../reacting/claim.js';
import type { RunningApplication, SharedWork } from '../runtime/running-application.js';
import { Answers } from './answers.js';
import { Inbox } from './inbox.js';
import { Relay } from './relay.js';
import { type RelayFailure, relayWarnings } from './relay-warning.js';
import type { Publisher, Transport } from './transport.js';

/** What `connect` takes besides the application. */
export interface ConnectOptions {
  /** What carries the events: `natsTransport` of `@carillon/nats`. */
  readonly transport: Transport;
  /** Hears of what could not be done: it is tried again. Default: warnings of the process, one a minute at most for each relay and inbox. */
  readonly onFailure?: (failure: RelayFailure) => void;
  /** How often a relay looks whether what was acknowledged is still kept, in milliseconds. Default 30,000. */
  readonly lookMs?: number;
  /** After how long without a message an inbox asks the publisher whether there is something, in milliseconds. Default 10,000. */
  readonly askMs?: number;
}

/** Where a relay or an inbox stands that is at work in this process. */
export interface RelayStatus {
  /** `relay`: of what this service publishes. `inbox`: of what it consumes. */
  readonly direction: 'relay' | 'inbox';
  /** Whose events these are. */
  readonly module: string;
  /** The position in the publisher's log up to which they were sent, or have come in. */
  readonly position: number;
}

/** A running application that is connected with the other services of its system. */
export interface Connection {
  /** The relays and inboxes that are at work in this process. */
  status(): readonly RelayStatus[];
}

/**
 * Connects a running application with the other services of its system: what its modules publish goes out, at least once and in order;
 * what they consume of modules elsewhere comes in, once and in order, whatever is lost on the way. It ends when the application is closed;
 * close the transport after that.
 *
 * ```ts
 * const running = await start(hosting(shop, ['payment']), { folder: './data/payment' });
 * await connect(running, { transport: natsTransport({ servers: 'nats://localhost:4222' }) });
 * ```
 */
export async function connect(running: RunningApplication, options: ConnectOptions): Promise<Connection> {
  const { application } = running;
  const { system } = application;
  const atWork = new Set<RelayStatus>();
  const shared = { onFailure: relayWarnings(options.transport.name), ...options, running, atWork };
  for (const [module, types] of publishedBy(application)) {
    await running.share(relayWork({ ...shared, publisher: { system, module }, types }));
  }
  for (const [module, types] of application.imports) {
    await running.share(inboxWork({ ...shared, publisher: { system, module }, types: [...types] }));
  }
  return { status: () => [...atWork].map(({ direction, module, position }) => ({ direction, module, position })) };
}

/** What relays and inboxes are started with. */
interface Ends extends ConnectOptions {
  readonly onFailure: (failure: RelayFailure) => void;
  readonly running: RunningApplication;
  readonly atWork: Set<RelayStatus>;
  readonly publisher: Publisher;
  readonly types: readonly string[];
}

/** The types of the events that each module publishes. */
function publishedBy({ modules }: Application<any, any>): [module: string, types: readonly string[]][] {
  const publishing = modules.filter(({ publishes }) => publishes.length > 0);
  return publishing.map(({ name, publishes }) => [name, publishes.map(({ type }) => type)]);
}

function relayWork({ running: { log }, publisher, types, transport, onFailure, lookMs, atWork }: Ends): SharedWork {
  const { module } = publisher;
  const direction = 'relay';
  const parts = {
    log,
    publisher,
    types,
    transport,
    onFailure: (error: unknown) => onFailure({ direction, module, error }),
    lookMs,
  };
  return {
    name: `relay:${module}`,
    group: 'relay',
    start: async (claimant) => {
      const relay = new Relay({ ...parts, lease: claimant?.lease });
      const answers = new Answers(parts);
      relay.start();
      answers.start();
      return shown(atWork, { direction, module, position: () => relay.position }, async () => {
        await Promise.all([relay.close(), answers.close()]);
      });
    },
  };
}

function inboxWork({ running, publisher, types, transport, onFailure, askMs, atWork }: Ends): SharedWork {
  const { log, application } = running;
  const { module } = publisher;
  const direction = 'inbox';
  const unit = `inbox:${module}`;
  return {
    name: unit,
    group: 'inbox',
    start: async (claimant) => {
      // Before it is read how far it has got: then nobody else takes anything in any more.
      const claim = claimant && (await claimWork(log, unit, claimant));
      const inbox = new Inbox({
        log,
        publisher,
        subscriber: application.name,
        types,
        transport,
        claim,
        askMs,
        onFailure: (error) => onFailure({ direction, module, error }),
      });
      inbox.start();
      return shown(atWork, { direction, module, position: () => inbox.position }, () => inbox.close());
    },
  };
}

/** Shows where something stands until it has ended. */
function shown(
  atWork: Set<RelayStatus>,
  { position, ...rest }: Omit<RelayStatus, 'position'> & { position(): number },
  end: () => Promise<void>,
): () => Promise<void> {
  const status: RelayStatus = {
    ...rest,
    get position() {
      return position();
    },
  };
  atWork.add(status);
  return async () => {
    atWork.delete(status);
    await end();
  };
}
