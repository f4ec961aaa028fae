import type { Actor } from '../definitions/actor.js';
import type { Application } from '../definitions/application.js';
import type { CommandRequest } from '../definitions/command.js';
import type { Duration } from '../definitions/duration.js';
import { ValidationError } from '../definitions/errors.js';
import type { NewEvent } from '../definitions/event.js';
import { ForbiddenError } from '../definitions/forbidden-error.js';
import type { JsonObject } from '../definitions/json.js';
import { type QueryRequest, query } from '../definitions/query.js';
import type { ReadModelDefinition, Tables } from '../definitions/read-model.js';
import type { Schema } from '../definitions/schema.js';
import type { RowOf } from '../definitions/table.js';
import { startInMemory } from '../runtime/start.js';
import { expectEqual, expectPart, type Part, ScenarioError } from './failure.js';
import { testClock } from './test-clock.js';
import { appendedBy, checkAccepted, happened, named, resultOf, type Step, thrownBy, type World } from './world.js';

/** What has happened so far. Every method returns a new scenario; nothing runs before a `then…` is awaited. */
export class Scenario<Code extends string = never> {
  readonly #application: Application<any, any>;
  readonly #steps: readonly Step[];
  /** Nothing but given events and who asks was said yet: a time that is said now is theirs, too. */
  readonly #isBeginning: boolean;

  constructor(application: Application<any, any>, steps: readonly Step[], isBeginning = true) {
    this.#application = application;
    this.#steps = steps;
    this.#isBeginning = isBeginning;
  }

  /** Sets the clock. Said first, it is also when the given events happened. Default: 2026-01-01, 12:00 UTC. */
  at(time: Date | string): Scenario<Code> {
    const set: Step = ({ clock }) => clock.set(time);
    return this.#isBeginning ? new Scenario(this.#application, [set, ...this.#steps], false) : this.#with(set);
  }

  /** Lets time pass. */
  later(duration: Duration): Scenario<Code> {
    return this.#with(({ clock }) => clock.later(duration));
  }

  /** Says who asks from here on. */
  as(actor: Actor): Scenario<Code> {
    const step: Step = (world) => {
      world.actor = actor;
    };
    return new Scenario(this.#application, [...this.#steps, step], this.#isBeginning);
  }

  /** More events have happened, by now. @throws UnknownEventError */
  given(...events: readonly NewEvent[]): Scenario<Code> {
    return this.#with(happened(this.#application, events));
  }

  /** Executes a command. All but the last one must be accepted. */
  when<C extends string>(request: CommandRequest<string, any, C>): Scenario<C> {
    return this.#with<C>(async (world) => {
      checkAccepted(world);
      const { running, actor } = world;
      const before = await running.log.head();
      const options = actor === undefined ? {} : { actor };
      const result = await running.execute(request, options).catch((thrown: unknown) => ({ thrown }));
      world.last = { request, result, before, after: await running.log.head() };
    });
  }

  /** The last command appended these events, and no others. Compares types and data. */
  then(...events: readonly NewEvent[]): Promise<void> {
    if (isAwaited(events)) return refuseAwait(events);
    return this.#finish(async (world) => {
      resultOf(world);
      checkAccepted(world);
      const appended = await appendedBy(world);
      expectEqual(`${named(world)} appended other events than expected`, events.map(shown), appended.map(shown));
    });
  }

  /** The last command was accepted and changed nothing. */
  thenNothing(): Promise<void> {
    return this.then();
  }

  /** The last command was rejected with this code (and these details, when given). */
  thenRejected(code: Code, details?: JsonObject): Promise<void> {
    return this.#finish(async (world) => {
      const result = resultOf(world);
      if (result.rejected !== true) {
        const appended = await appendedBy(world);
        const made = appended.map(({ type, data }) => `${type} ${JSON.stringify(data)}`).join('\n  ') || 'no event';
        throw new ScenarioError(
          `${named(world)} should have been rejected with ${code}, but was accepted and appended\n  ${made}`,
        );
      }
      const expected = details === undefined ? { code } : { code, details };
      const actual = details === undefined ? { code: result.code } : { code: result.code, details: result.details };
      expectEqual(`${named(world)} was rejected otherwise than expected`, expected, actual);
    });
  }

  /** The last command's data was refused by its schema, at these places (JSON Pointers, as in `/lines/0/quantity`). */
  thenInvalid(paths: readonly string[]): Promise<void> {
    return this.#finish((world) => {
      const thrown = thrownBy(world);
      if (!(thrown instanceof ValidationError)) {
        resultOf(world);
        throw new ScenarioError(`${named(world)} should have been refused by its schema, but was not.`);
      }
      const places = thrown.issues.map((issue) => issue.path).sort();
      expectEqual(`${named(world)} was refused at other places than expected`, [...paths].sort(), places);
    });
  }

  /** Whoever asked may not: the last command, or this query, was refused by its `authorize`. */
  thenForbidden(request?: QueryRequest<string, any, any>): Promise<void> {
    return this.#finish(async (world) => {
      if (request !== undefined) checkAccepted(world);
      const thrown =
        request === undefined ? thrownBy(world) : await this.#ask(world, request).catch((error: unknown) => error);
      if (thrown instanceof ForbiddenError) return;
      if (request === undefined) resultOf(world);
      if (thrown instanceof Error) throw thrown;
      const what = request === undefined ? named(world) : `Query ${request.query.type}`;
      const who = world.actor === undefined ? 'a guest' : world.actor.id;
      throw new ScenarioError(`${what} should have been forbidden to ${who}, but was not.`);
    });
  }

  /** A table of a read model holds these rows and no others, in the order of their keys. */
  thenRows<T extends Tables, Name extends keyof T & string>(
    readModel: ReadModelDefinition<string, T>,
    table: Name,
    rows: readonly RowOf<T[Name]>[],
  ): Promise<void> {
    return this.#rows(readModel, table, (actual) => expectEqual(rowsOf(readModel, table), rows, actual));
  }

  /** The same, looking only at the columns that are named here. */
  thenRowsMatching<T extends Tables, Name extends keyof T & string>(
    readModel: ReadModelDefinition<string, T>,
    table: Name,
    rows: readonly Part<RowOf<T[Name]>>[],
  ): Promise<void> {
    return this.#rows(readModel, table, (actual) => expectPart(rowsOf(readModel, table), rows, actual));
  }

  /** A query answers this. */
  thenAnswer<Result>(request: QueryRequest<string, any, Result>, expected: NoInfer<Result>): Promise<void> {
    return this.#answer(request, (actual) => expectEqual(answerOf(request), expected, actual));
  }

  /** A query answers this, and more: only the properties that are named here are looked at. Lists are as long as said. */
  thenAnswerMatching<Result>(request: QueryRequest<string, any, Result>, part: Part<NoInfer<Result>>): Promise<void> {
    return this.#answer(request, (actual) => expectPart(answerOf(request), part, actual));
  }

  #rows(readModel: ReadModelDefinition<string, any>, table: string, expect: (rows: unknown) => void): Promise<void> {
    const Rows = query('Rows', {
      params: anything,
      from: readModel,
      run: (db) => {
        const { key } = readModel.tables[table]!;
        const select = (db as any).selectFrom(table).selectAll();
        return key.reduce((ordered: any, column: string) => ordered.orderBy(column), select).execute();
      },
    });
    return this.#answer(Rows({}), expect, Rows);
  }

  #answer(request: QueryRequest, expect: (result: unknown) => void, extra?: QueryRequest['query']): Promise<void> {
    return this.#finish(async (world) => {
      checkAccepted(world);
      expect(await this.#ask(world, request));
    }, extra);
  }

  /** Asks when everything that has happened is in the read model. */
  async #ask({ running, actor }: World, request: QueryRequest): Promise<unknown> {
    const after = await running.log.head();
    const { result } = await running.query(request, actor === undefined ? { after } : { after, actor });
    return result;
  }

  #with<C extends string = Code>(step: Step): Scenario<C> {
    return new Scenario<C>(this.#application, [...this.#steps, step], false);
  }

  /** Runs everything, and then the expectation. */
  async #finish(expectation: Step, extra?: QueryRequest['query']): Promise<void> {
    const clock = testClock();
    const application =
      extra === undefined
        ? this.#application
        : { ...this.#application, queries: new Map([...this.#application.queries, [extra.type, extra]]) };
    // Only what is said happens: reactions are tested with `testApplication`.
    const running = await startInMemory(application, { clock, reactions: false });
    const world: World = { running, clock, actor: undefined, last: undefined };
    try {
      for (const step of this.#steps) await step(world);
      await expectation(world);
    } finally {
      await running.close();
    }
  }
}

/**
 * Begins a scenario: these events have happened.
 *
 * ```ts
 * await given(library, CopyAdded({ copyId: 'c1', titleId: 't1' }))
 *   .when(BorrowCopy({ copyId: 'c1', memberId: 'ada' }))
 *   .thenRejected('UnknownMember');
 * ```
 *
 * Nothing runs before a `then…` is awaited. Each runs on an application of its own, in memory.
 */
export function given(application: Application<any, any>, ...events: readonly NewEvent[]): Scenario {
  return new Scenario(application, [happened(application, events)]);
}

/** Accepts any parameters. */
const anything: Schema<Record<string, never>> = {
  '~standard': { version: 1, vendor: 'carillon', validate: (value) => ({ value: value as Record<string, never> }) },
};

function rowsOf(readModel: ReadModelDefinition<string, any>, table: string): string {
  return `Table ${table} of read model ${readModel.name} holds other rows than expected`;
}

function answerOf({ query }: QueryRequest): string {
  return `Query ${query.type} answered otherwise than expected`;
}

function shown({ type, data }: NewEvent): { type: string; data: unknown } {
  return { type, data };
}

/** JavaScript calls `then` with two functions when a scenario is awaited as it is. */
function isAwaited(args: readonly unknown[]): boolean {
  return args.length > 0 && args.every((arg) => typeof arg === 'function' && !('kind' in arg));
}

function refuseAwait(args: readonly unknown[]): Promise<void> {
  const reject = args[1] as (error: Error) => void;
  reject(
    new ScenarioError(
      'The scenario expects nothing: end it with .then(…events), .thenNothing(), .thenRejected(code), .thenAnswer(…) …',
    ),
  );
  return Promise.resolve();
}
