import type { Log } from '../log/log.js';
import { type Landmark, stands } from './landmark.js';
import { type PublishedEvent, readPublished, writePublished } from './published-event.js';
import { PublisherAwayError, PublisherChangedError } from './relay-errors.js';
import type { Publisher, Transport } from './transport.js';

/** What an inbox asks a publisher for. */
export interface ReplayRequest {
  /** Only events beyond this position. */
  readonly after: number;
  /** Only events of these types. */
  readonly types: readonly string[];
  /** An event that came in from the publisher: it must stand in the log that answers. */
  readonly known?: Landmark | undefined;
}

/** What a publisher answers: everything that it has published of some types, from where it was asked up to a position. */
export interface Replay {
  /** Of which types, of those that were asked for: who answers may be of a version that does not publish the others. Undefined: of all. */
  readonly types: readonly string[] | undefined;
  readonly through: number;
  /** Whether there may be more beyond that. */
  readonly isMore: boolean;
  readonly events: readonly PublishedEvent[];
  /** Set when the event that was known does not stand in the log: then nothing else is said. */
  readonly isOther?: boolean;
}

/** So many events are read for one answer. */
const pageSize = 500;

/** So much of an answer is not events, in bytes. */
const frameBytes = 1_024;

/** Answers a request from the log: it has everything, whatever became of it on the way. */
export async function answerReplay(
  request: string,
  { log, publisher, published, maxBytes }: ReplaySource,
): Promise<string> {
  const { after, types, known } = JSON.parse(request) as ReplayRequest;
  if (known !== undefined && !(await stands(log, known))) {
    return JSON.stringify({ types: [], through: after, isMore: false, events: [], isOther: true });
  }
  const wanted = types.filter((type) => published.has(type));
  const head = await log.head();
  const found = wanted.length === 0 ? [] : await log.read({ items: [{ types: wanted }] }, { after, limit: pageSize });
  const bodies: string[] = [];
  const covered = JSON.stringify(wanted);
  let bytes = frameBytes + Buffer.byteLength(covered);
  let through = after;
  for (const event of found) {
    const { body } = writePublished(event, publisher, through);
    bytes += Buffer.byteLength(body) + 1;
    if (bodies.length > 0 && bytes > maxBytes) break;
    bodies.push(body);
    through = event.position;
  }
  const isMore = bodies.length < found.length || found.length === pageSize;
  if (!isMore) through = Math.max(through, head);
  return `{"types":${covered},"through":${through},"isMore":${isMore},"events":[${bodies.join()}]}`;
}

/** What answers are made from. */
export interface ReplaySource {
  readonly log: Pick<Log, 'read' | 'head'>;
  readonly publisher: Publisher;
  /** The types of events that the module publishes. */
  readonly published: ReadonlySet<string>;
  /** The largest answer that can be carried. */
  readonly maxBytes: number;
}

/** Asks a publisher for what its log has. @throws PublisherAwayError, PublisherChangedError, PublishedEventError */
export async function askForReplay(
  transport: Transport,
  publisher: Publisher,
  request: ReplayRequest,
): Promise<Replay> {
  const answer = await transport.ask(publisher, JSON.stringify(request)).catch((cause: unknown) => {
    throw new PublisherAwayError(publisher, cause);
  });
  const { events, ...rest } = JSON.parse(answer) as Replay & { readonly events: readonly unknown[] };
  if (rest.isOther === true) throw new PublisherChangedError(publisher, request.known?.position ?? 0);
  return {
    types: rest.types,
    through: rest.through,
    isMore: rest.isMore,
    events: events.map((event) => readPublished(JSON.stringify(event), publisher)),
  };
}
