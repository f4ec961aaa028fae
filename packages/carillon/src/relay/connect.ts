import type { Application } from '../definitions/application.js';
import type { Log } from '../log/log.js';
import { claimWork } from '../reacting/claim.js';
import type { RelayLag, RelayStatus } from '../runtime/relay-status.js';
import type { RunningApplication, SharedWork } from '../runtime/running-application.js';
import { Answers } from './answers.js';
import { Inbox } from './inbox.js';
import { type AtWork, Link } from './link.js';
import { Links, statusOf } from './links.js';
import { Relay } from './relay.js';
import { type RelayFailure, type RelayRecovery, relayWarnings } from './relay-warning.js';
import type { Publisher, Transport } from './transport.js';

/** What `connect` takes besides the application. */
export interface ConnectOptions {
  /** What carries the events: `natsTransport` of `@carillon/nats`. */
  readonly transport: Transport;
  /** Hears of what could not be done: it is tried again. Default: a warning of the process when a relay or inbox waits for long. */
  readonly onFailure?: (failure: RelayFailure) => void;
  /** Hears that a relay or inbox that could not go on does so again. Default: a warning of the process, if there was one before. */
  readonly onRecovery?: (recovery: RelayRecovery) => void;
  /** How often a relay looks whether what was acknowledged is still kept, in milliseconds. Default 30,000. */
  readonly lookMs?: number;
  /** After how long without a message an inbox asks the publisher whether there is something, in milliseconds. Default 10,000. */
  readonly askMs?: number;
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
  const listener = { ...relayWarnings(options.transport.name), ...options };
  const links = new Links(listener);
  const shared = { ...listener, running, links };
  for (const [module, types] of publishedBy(application)) {
    await running.share(relayWork({ ...shared, publisher: { system, module }, types }));
  }
  for (const [module, types] of application.imports) {
    await running.share(inboxWork({ ...shared, publisher: { system, module }, types: [...types] }));
  }
  return { status: () => links.status() };
}

/** What relays and inboxes are started with. */
interface Ends extends ConnectOptions {
  readonly onFailure: (failure: RelayFailure) => void;
  readonly running: RunningApplication;
  readonly links: Links;
  readonly publisher: Publisher;
  readonly types: readonly string[];
}

/** The types of the events that each module publishes. */
function publishedBy({ modules }: Application<any, any>): [module: string, types: readonly string[]][] {
  const publishing = modules.filter(({ publishes }) => publishes.length > 0);
  return publishing.map(({ name, publishes }) => [name, publishes.map(({ type }) => type)]);
}

function relayWork({ running: { log }, publisher, types, transport, onFailure, lookMs, links }: Ends): SharedWork {
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
  let status: (() => Promise<RelayLag>) | undefined;
  return {
    name: `relay:${module}`,
    group: 'relay',
    status: async () => status?.(),
    start: async (claimant) => {
      const [own, ofAnswers] = [new Link(transport), new Link(transport)];
      const relay = new Relay({ ...parts, link: own, lease: claimant?.lease });
      const answers = new Answers({ ...parts, link: ofAnswers });
      relay.start();
      answers.start();
      const one: AtWork = { direction, module, links: [own, ofAnswers], position: () => relay.position };
      status = async () => ({ ...statusOf(one), lagMs: await lagOf(relay, log, types) });
      return links.watch(one, async () => {
        status = undefined;
        await Promise.all([relay.close(), answers.close()]);
      });
    },
  };
}

function inboxWork({ running, publisher, types, transport, onFailure, askMs, links }: Ends): SharedWork {
  const { log, application } = running;
  const { module } = publisher;
  const direction = 'inbox';
  const unit = `inbox:${module}`;
  let status: (() => RelayLag) | undefined;
  return {
    name: unit,
    group: 'inbox',
    status: async () => status?.(),
    start: async (claimant) => {
      // Before it is read how far it has got: then nobody else takes anything in any more.
      const claim = claimant && (await claimWork(log, unit, claimant));
      const link = new Link(transport);
      const inbox = new Inbox({
        log,
        publisher,
        subscriber: application.name,
        types,
        transport,
        claim,
        askMs,
        link,
        onFailure: (error) => onFailure({ direction, module, error }),
      });
      inbox.start();
      const one: AtWork = { direction, module, links: [link], position: () => inbox.position };
      status = () => ({ ...statusOf(one), lagMs: undefined });
      return links.watch(one, async () => {
        status = undefined;
        await inbox.close();
      });
    },
  };
}

/** How long the oldest event waits that was not sent, in milliseconds. */
async function lagOf(relay: Relay, log: Pick<Log, 'read'>, types: readonly string[]): Promise<number | undefined> {
  if (!relay.hasLooked) return undefined;
  const [oldest] = await log.read({ items: [{ types }] }, { after: relay.position, limit: 1 });
  return oldest === undefined ? 0 : Math.max(0, Date.now() - oldest.recordedAt.getTime());
}
