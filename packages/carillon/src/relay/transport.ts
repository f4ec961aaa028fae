/** A module as others know it that listen to what it publishes. */
export interface Publisher {
  /** The name under which the services of one system know each other. */
  readonly system: string;
  readonly module: string;
}

/** One published event on its way. */
export interface Message {
  /** The event's id: who carries it may remove duplicates by it. */
  readonly id: string;
  /** The event's type, by which a person finds it. */
  readonly type: string;
  /** A CloudEvent as JSON, in UTF-8. */
  readonly body: string;
}

/** What is kept of a publisher on the way. */
export interface Kept {
  /** The body of the last message that is kept; undefined when none is. */
  readonly last: string | undefined;
  /** Whether messages were removed because they were old, or too many: then nothing is missing when none is kept. */
  readonly hasForgotten: boolean;
}

/** What listens to a publisher. */
export interface Subscription {
  /** Rejects when messages come no more because something failed; resolves after `close`. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/**
 * What carries published events between services: a broker such as NATS JetStream, in `@carillon/nats`.
 *
 * It need not be reliable: it may lose, repeat and reorder what it has acknowledged. The log is the truth: relays and inboxes notice and mend
 * it. What it must do is keep messages for a while, so that services need not run at the same time.
 *
 * Every method rejects when the broker cannot be asked; relays and inboxes try again.
 */
export interface Transport {
  /** What it is, for people: no secrets. */
  readonly name: string;
  /** Sends messages, in this order. Resolves when all are stored; where one is not, none of those behind it is. */
  publish(publisher: Publisher, messages: readonly Message[]): Promise<void>;
  /** Looks at what is kept of a publisher; prepares what is needed to keep more. */
  kept(publisher: Publisher): Promise<Kept>;
  /**
   * Listens to a publisher, from where this subscriber was before, or from the first message that is kept. Messages come in the order in
   * which they were stored; `receive` is called with as many as are there, one call at a time, and those of a call that rejects come again.
   */
  subscribe(
    publisher: Publisher,
    subscriber: string,
    receive: (bodies: readonly string[]) => Promise<void>,
  ): Promise<Subscription>;
  /** Answers requests for what a publisher has in its log. Several may do: one of them gets each request. */
  answer(publisher: Publisher, answer: (request: string) => Promise<string>): Promise<() => Promise<void>>;
  /** Asks whoever answers for a publisher. */
  ask(publisher: Publisher, request: string): Promise<string>;
  /** The largest message and answer that it carries, in bytes. */
  maxBytes(): Promise<number>;
  /** Calls `listener` after the broker had been out of reach: what it acknowledged before may be gone. */
  onReconnect(listener: () => void): () => void;
  /** For how long the broker has been out of reach, in milliseconds; 0 when it is not, or that is not known. */
  awayMs?(): number;
  close(): Promise<void>;
}
