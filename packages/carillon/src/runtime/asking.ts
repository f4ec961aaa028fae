import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from '../definitions/application.js';
import { CarillonError } from '../definitions/errors.js';
import type { QueryRequest } from '../definitions/query.js';
import type { Log } from '../log/log.js';
import { LiveQueries, type LiveQuestion } from '../querying/live-queries.js';
import { checkQuery, type RunAnswer } from '../querying/query-runner.js';
import { PositionAheadError, ReadModelBehindError } from '../querying/querying-errors.js';
import type { ReadModelPositions } from '../querying/read-model-positions.js';
import type { ProjectionHost, QueryHost } from './hosts.js';
import { RoleError } from './roles.js';
import type { AskOptions, EncodedAnswer } from './running-application.js';

/** How long a query waits for its read model, in milliseconds: others have what a process that died was at some seconds sooner. */
const defaultTimeoutMs = 15_000;

/** How often a read model that should have got there is asked again, in milliseconds. */
const askAgainMs = 100;

/** What asking works with. */
export interface AskingParts {
  readonly application: Application<any, any>;
  readonly log: Log;
  /** Undefined where the process answers no queries. */
  readonly queries: QueryHost | undefined;
  readonly positions: ReadModelPositions;
  readonly projections: ProjectionHost;
}

/** The queries of those who ask an application: checked, and answered as of the position that they want. */
export class Asking {
  readonly #parts: AskingParts;
  readonly #live: LiveQueries;

  constructor(parts: AskingParts) {
    this.#parts = parts;
    this.#live = new LiveQueries(parts.positions);
  }

  async answer(request: QueryRequest, options: AskOptions): Promise<EncodedAnswer> {
    const question = await this.#question(request, options);
    return encoded(await this.#askUntil(question, options));
  }

  /**
   * Answers now, and whenever the answer has changed.
   *
   * @param checkOpen throws if the application is closing: who subscribed after that would wait for ever
   */
  async *answers(
    request: QueryRequest,
    options: AskOptions,
    checkOpen: () => void,
  ): AsyncGenerator<EncodedAnswer, void, undefined> {
    checkOpen();
    const question = await this.#question(request, options);
    checkOpen();
    for await (const answer of this.#live.subscribe(question, options.signal)) {
      if (answer.position >= positionOf(options.after)) yield encoded(answer);
    }
  }

  /** Ends every subscription. */
  close(error: Error): void {
    this.#live.close(error);
  }

  /** Checks what is asked, and waits until the read model is where it is wanted. */
  async #question(request: QueryRequest, options: AskOptions): Promise<LiveQuestion> {
    const { query } = request;
    const { queries } = this.#parts;
    if (queries === undefined) throw new RoleError('read', 'answer queries');
    const params = await checkQuery(this.#parts.application, request, options.actor);
    const readModel = query.from.name;
    if (options.after !== undefined) await this.#waitFor(readModel, options);
    await this.#untilServing(readModel, options);
    return {
      key: JSON.stringify([query.type, params, options.actor ?? null]),
      readModel,
      ask: (): Promise<RunAnswer> => queries.run(query.type, params, options.actor),
    };
  }

  /**
   * Asks until the answer is as of the position that is wanted. That a read model has got there is not enough: its database may have lost
   * its last commits since (a power cut takes what was not synced), and not everybody has heard of it.
   */
  async #askUntil({ ask, readModel }: LiveQuestion, options: AskOptions): Promise<RunAnswer> {
    const wanted = positionOf(options.after);
    const deadlineMs = performance.now() + (options.timeoutMs ?? defaultTimeoutMs);
    for (;;) {
      const answer = await ask();
      if (answer.position >= wanted) return answer;
      if (performance.now() >= deadlineMs) throw new ReadModelBehindError(readModel, answer.position, wanted);
      await sleep(askAgainMs, undefined, { signal: options.signal });
    }
  }

  async #waitFor(readModel: string, { after, timeoutMs = defaultTimeoutMs, signal }: AskOptions): Promise<void> {
    const { positions, log, projections } = this.#parts;
    const position = positionOf(after);
    if (!Number.isSafeInteger(position) || position < 0) {
      throw new CarillonError('position-invalid', `"after" takes a receipt or a whole number from 0, not ${position}.`);
    }
    if (positions.get(readModel).position >= position) return;
    const head = await log.head();
    if (position > head) throw new PositionAheadError(position, head);
    projections.wake(head, true);
    await positions.waitFor(readModel, position, { timeoutMs, signal });
  }

  async #untilServing(readModel: string, { timeoutMs = defaultTimeoutMs, signal }: AskOptions): Promise<void> {
    const { positions } = this.#parts;
    if (positions.get(readModel).isServing) return;
    await positions.waitUntilServing(readModel, { timeoutMs, signal });
  }
}

/** The position that an answer must at least be as of. */
function positionOf(after: AskOptions['after']): number {
  return after === undefined || typeof after === 'number' ? (after ?? 0) : after.position;
}

function encoded({ json, position, hash }: RunAnswer): EncodedAnswer {
  return { json, position, hash };
}
