import { setTimeout as sleep } from 'node:timers/promises';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  type ConnectionOptions,
  connect,
  type NatsConnection,
  PermissionViolationError,
  TimeoutError,
} from '@nats-io/transport-node';
import { CarillonError } from 'carillon';
import type { Kept, Message, Publisher, Subscription, Transport } from 'carillon/relay';
import { isNotFound, isWithoutJetStream, NatsError } from './errors.js';
import { replaySubject, streamName } from './names.js';
import { Publishing } from './publishing.js';
import { readServers, type Servers } from './servers.js';
import { ensureStream, type StreamSettings } from './stream-settings.js';
import { subscribe } from './subscription.js';

/** What `natsTransport` takes. */
export interface NatsTransportOptions extends StreamSettings {
  /** One server of the cluster or several, also with commas between: `nats://127.0.0.1:4222`, `nats://user:password@host:4222`, `nats://token@host:4222`. */
  readonly servers: string | readonly string[];
  /** More of what the client of NATS takes: credentials, TLS. */
  readonly connection?: Omit<ConnectionOptions, 'servers'>;
}

/** How long to wait for an answer of the server, or of another service, in milliseconds. */
const timeoutMs = 5_000;

/**
 * How often the server is asked whether it is there, in milliseconds. After three questions without an answer another one is looked for: the
 * client would do that after six minutes, and a server that stands still, or is cut off without a sign, would keep it so long from the others.
 */
const pingMs = 5_000;

/** How long to wait between two attempts to connect again, in milliseconds: about. */
const reconnectWaitMs = 500;

/** So long what was asked may take to be answered when no more is answered, in milliseconds. */
const drainMs = 1_000;

/**
 * Carries published events over NATS JetStream (server 2.9 or newer): the stream `SYSTEM-MODULE` keeps what a module publishes under the
 * subjects `SYSTEM.MODULE.EVENT`, as CloudEvents in structured JSON. Streams are made when they are not there.
 *
 * It connects when it is first used, and again whenever it must.
 */
export function natsTransport(options: NatsTransportOptions): Transport {
  return new NatsTransport(options);
}

interface Session {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
}

class NatsTransport implements Transport {
  readonly name: string;
  readonly #options: NatsTransportOptions;
  readonly #servers: Servers;
  readonly #reconnectListeners = new Set<() => void>();
  readonly #refusalListeners = new Set<(error: PermissionViolationError) => void>();
  readonly #publishing = new Publishing();
  #session: Promise<Session> | undefined;
  #isClosed = false;
  /** Since when no server is within reach, by `performance.now()`. */
  #awaySinceMs: number | undefined;

  constructor(options: NatsTransportOptions) {
    this.#options = options;
    this.#servers = readServers([options.servers].flat());
    this.name = `NATS ${this.#servers.servers.join(', ')}`;
  }

  publish(publisher: Publisher, messages: readonly Message[]): Promise<void> {
    return this.#during('Events could not be published', (session) =>
      this.#publishing.publish({ ...session, timeoutMs }, publisher, messages),
    );
  }

  kept(publisher: Publisher): Promise<Kept> {
    return this.#during('The stream could not be looked at', async ({ manager }) => {
      const { state } = await ensureStream(manager, publisher, this.#options);
      this.#publishing.endsAt(streamName(publisher), state.last_seq);
      if (state.messages === 0) return { last: undefined, hasForgotten: state.last_seq > 0 };
      const last = await manager.streams
        .getMessage(streamName(publisher), { seq: state.last_seq })
        .catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
          return undefined;
        });
      return { last: last?.string(), hasForgotten: last === undefined };
    });
  }

  subscribe(
    publisher: Publisher,
    subscriber: string,
    receive: (bodies: readonly string[]) => Promise<void>,
  ): Promise<Subscription> {
    const onRefused = (listener: (error: PermissionViolationError) => void) => {
      this.#refusalListeners.add(listener);
      return () => this.#refusalListeners.delete(listener);
    };
    return this.#during('The stream could not be subscribed to', ({ manager, client }) =>
      subscribe(manager, client, { publisher, subscriber, receive, onRefused }),
    );
  }

  answer(publisher: Publisher, answer: (request: string) => Promise<string>): Promise<() => Promise<void>> {
    return this.#during('Answers could not be offered', async ({ connection }) => {
      let refused: unknown;
      const subscription = connection.subscribe(replaySubject(publisher), {
        queue: 'carillon',
        callback: (error, message) => {
          if (error !== null) {
            refused = error;
            return;
          }
          // Who asked asks again when no answer comes, be it that the server does not take it.
          answer(message.string())
            .then((body) => message.respond(body))
            .catch(() => undefined);
        },
      });
      const late = sleep(timeoutMs, 'late' as const, { ref: false });
      if ((await Promise.race([connection.flush(), late])) === 'late') refused = new TimeoutError();
      if (refused !== undefined) {
        subscription.unsubscribe();
        throw refused;
      }
      return async () => {
        if (connection.isClosed()) return;
        // What was asked is answered; but a server that stands still would keep it for minutes.
        await Promise.race([subscription.drain(), sleep(drainMs, undefined, { ref: false })]);
      };
    });
  }

  ask(publisher: Publisher, request: string): Promise<string> {
    return this.#during('The publisher could not be asked', async ({ connection }) => {
      const reply = await connection.request(replaySubject(publisher), request, { timeout: timeoutMs });
      return reply.string();
    });
  }

  maxBytes(): Promise<number> {
    return this.#during('The server could not be asked', async ({ connection }) => connection.info?.max_payload ?? 0);
  }

  onReconnect(listener: () => void): () => void {
    this.#reconnectListeners.add(listener);
    return () => this.#reconnectListeners.delete(listener);
  }

  awayMs(): number {
    return this.#awaySinceMs === undefined ? 0 : performance.now() - this.#awaySinceMs;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const session = await this.#session?.catch(() => undefined);
    await session?.connection.close();
  }

  async #during<T>(what: string, work: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (error instanceof CarillonError) throw error;
      throw new NatsError(what, error);
    }
  }

  #open(): Promise<Session> {
    if (this.#isClosed) return Promise.reject(new Error('the transport is closed'));
    if (this.#session === undefined) {
      const session = this.#connect();
      this.#session = session;
      session.catch(() => {
        this.#awaySinceMs ??= performance.now();
        if (this.#session === session) this.#session = undefined;
      });
    }
    return this.#session;
  }

  async #connect(): Promise<Session> {
    const connection = await connect({
      timeout: timeoutMs,
      name: 'carillon',
      pingInterval: pingMs,
      maxPingOut: 2,
      ...this.#servers.credentials,
      ...this.#options.connection,
      servers: this.#servers.servers,
      maxReconnectAttempts: -1,
      reconnectTimeWait: reconnectWaitMs,
      // It would be closed for good when passwords are changed, and with it what answers inboxes.
      ignoreAuthErrorAbort: true,
    });
    this.#awaySinceMs = undefined;
    void this.#watch(connection);
    try {
      const manager = await jetstreamManager(connection, { timeout: timeoutMs });
      return { connection, manager, client: jetstream(connection, { timeout: timeoutMs }) };
    } catch (error) {
      await connection.close();
      if (!isWithoutJetStream(error)) throw error;
      throw new Error('it has no JetStream. Start it with -js, or with a jetstream block in its configuration', {
        cause: error,
      });
    }
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      const { type } = status;
      if (type === 'error' && status.error instanceof PermissionViolationError) {
        for (const listener of this.#refusalListeners) listener(status.error);
      }
      if (type === 'disconnect') this.#awaySinceMs ??= performance.now();
      if (type !== 'reconnect') continue;
      this.#awaySinceMs = undefined;
      for (const listener of this.#reconnectListeners) listener();
    }
    this.#session = undefined;
  }
}
