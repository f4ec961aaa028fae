import type { EncodedAnswer } from '../runtime/running-application.js';
import { type Problem, problemDocument } from './problem.js';

/** What an event stream needs to know. */
export interface EventStreamOptions {
  /** The answers, beginning with the second. */
  readonly answers: AsyncIterator<EncodedAnswer>;
  readonly first: EncodedAnswer;
  readonly heartbeatMs: number;
  /** Aborted when the server stops: the stream then ends with a comment, and the client comes back later. */
  readonly closing: AbortSignal;
  /** The problem that an error from `answers` amounts to. It is the last event. */
  readonly toProblem: (error: unknown) => Problem;
  /** Called once, when the stream has ended for whatever reason. */
  readonly onEnd: () => void;
}

/**
 * Answers as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 *
 * - `event: answer`, `id:` the position that it reflects, `data:` the result as JSON. Browsers send the last id back as
 *   `Last-Event-ID` when they reconnect, and then get nothing older.
 * - `event: problem`, `data:` a problem document: there is nothing more to come from this stream.
 * - a comment whenever nothing else was said for `heartbeatMs`, so that both ends notice a lost connection.
 *
 * The next answer is only fetched when the connection takes it: a slow reader costs one answer of memory, and gets the
 * newest when it is ready.
 */
export function eventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { answers, heartbeatMs, closing } = options;
  let waiting: Promise<Said> | undefined = Promise.resolve({ text: answerEvent(options.first) });
  let ended = false;

  const end = () => {
    if (ended) return;
    ended = true;
    waiting = undefined;
    options.onEnd();
    // A generator that is waiting returns once what it waits for comes or is aborted: nobody needs to wait for it.
    Promise.resolve(answers.return?.()).catch(() => {});
  };
  const listen = async (): Promise<Said> => {
    try {
      const next = await answers.next();
      return next.done === true ? { text: ': end\n\n', last: true } : { text: answerEvent(next.value) };
    } catch (error) {
      return { text: problemEvent(options.toProblem(error)), last: true };
    }
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        waiting ??= listen();
        const said = await soonest(waiting, heartbeatMs, closing);
        if (ended) return;
        if (said !== heartbeat) waiting = undefined;
        controller.enqueue(encoder.encode(said.text));
        if (said.last !== true) return;
        end();
        controller.close();
      },
      cancel: end,
    },
    { highWaterMark: 1 },
  );
}

/** What goes over the wire next; `last` when nothing comes after it. */
interface Said {
  readonly text: string;
  readonly last?: boolean;
}

const encoder = new TextEncoder();
const heartbeat: Said = { text: ': still here\n\n' };
const farewell: Said = { text: ': closing\n\n', last: true };

function answerEvent(answer: EncodedAnswer): string {
  return `event: answer\nid: ${answer.position}\ndata: ${answer.json}\n\n`;
}

function problemEvent(problem: Problem): string {
  return `event: problem\ndata: ${JSON.stringify(problemDocument(problem))}\n\n`;
}

/** What comes first: the next answer, the time for a heartbeat, or the end. Leaves neither timer nor listener behind. */
function soonest(next: Promise<Said>, heartbeatMs: number, closing: AbortSignal): Promise<Said> {
  if (closing.aborted) return Promise.resolve(farewell);
  return new Promise((resolve) => {
    const settle = (said: Said) => {
      clearTimeout(timer);
      closing.removeEventListener('abort', onClosing);
      resolve(said);
    };
    const onClosing = () => settle(farewell);
    const timer = setTimeout(settle, heartbeatMs, heartbeat);
    closing.addEventListener('abort', onClosing);
    void next.then(settle);
  });
}
