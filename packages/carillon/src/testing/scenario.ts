import type { Actor } from '../definitions/actor.js';
import type { Application } from '../definitions/application.js';
import type { CommandRequest } from '../definitions/command.js';
import { ValidationError } from '../definitions/errors.js';
import { type NewEvent, UnknownEventError } from '../definitions/event.js';
import type { JsonObject } from '../definitions/json.js';
import { type QueryRequest, query } from '../definitions/query.js';
import type { ReadModelDefinition, Tables } from '../definitions/read-model.js';
import type { CommandResult } from '../definitions/receipt.js';
import type { Schema } from '../definitions/schema.js';
import type { RowOf } from '../definitions/table.js';
import { allEvents } from '../log/log-query.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { startInMemory } from '../runtime/start.js';
import { expectEqual, ScenarioError } from './failure.js';
import { type Duration, type TestClock, testClock } from './test-clock.js';

/** One thing that happens in a scenario. */
type Step = (world: World) => Promise<void> | void;

/** An application in the middle of a scenario. */
interface World {
  readonly running: RunningApplication;
  readonly clock: TestClock;
  actor: Actor | undefined;
  /** What the last command came to. */
  last: { readonly request: CommandRequest; readonly result: CommandResult | { readonly thrown: unknown } } | undefined;
  /** Where the log stood before the last command. */
  positionBefore: number;
}

/** What has happened so far. Every method returns a new scenario; nothing runs before a `then…` is awaited. */
export class Scenario<Code extends string = never> {
  readonly #application: Application<any, any>;
  readonly #steps: readonly Step[];

  constructor(application: Application<any, any>, steps: readonly Step[]) {
    this.#application = application;
    this.#steps = steps;
  }

  /** Sets the clock. Before any command it is also when the given events happened. Default: 2026-01-01, 12:00 UTC. */
  at(time: Date | string): Scenario<Code> {
    const set: Step = ({ clock }) => clock.set(time);
    // Given events come first in the sentence, and yet they happened at that time.
    return new Scenario(this.#application, [set, ...this.#steps, set]);
  }

  /** Lets time pass. */
  later(duration: Duration): Scenario<Code> {
    return this.#with(({ clock }) => clock.later(duration));
  }

  /** Says who asks from here on. */
  as(actor: Actor): Scenario<Code> {
    return this.#with((world) => {
      world.actor = actor;
    });
  }

  /** Executes a command. All but the last one must be accepted. */
  when<C extends string>(request: CommandRequest<string, any, C>): Scenario<C> {
    return this.#with<C>(async (world) => {
      checkAccepted(world);
      world.positionBefore = await world.running.log.head();
      const options = world.actor === undefined ? {} : { actor: world.actor };
      const result = await world.running.execute(request, options).catch((thrown: unknown) => ({ thrown }));
      world.last = { request, result };
    });
  }

  /** The last command appended these events, and no others. Compares types and data. */
  // biome-ignore lint/suspicious/noThenProperty: it is the sentence's last word; awaiting without it is noticed below
  then(...events: readonly NewEvent[]): Promise<void> {
    if (isAwaited(events)) return refuseAwait(events);
    return this.#finish(async (world) => {
      checkAccepted(world);
      const appended = await world.running.log.read(allEvents, { after: world.positionBefore });
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
        const appended = await world.running.log.read(allEvents, { after: world.positionBefore });
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
      const thrown = (world.last?.result as { thrown?: unknown } | undefined)?.thrown;
      if (!(thrown instanceof ValidationError)) {
        resultOf(world);
        throw new ScenarioError(`${named(world)} should have been refused by its schema, but was not.`);
      }
      const places = thrown.issues.map((issue) => issue.path).sort();
      expectEqual(`${named(world)} was refused at other places than expected`, [...paths].sort(), places);
    });
  }

  /** A table of a read model holds these rows and no others, in the order of their keys. */
  thenRows<T extends Tables, Name extends keyof T & string>(
    readModel: ReadModelDefinition<string, T>,
    table: Name,
    rows: readonly RowOf<T[Name]>[],
  ): Promise<void> {
    const Rows = query('Rows', {
      params: anything,
      from: readModel,
      run: async (db) => {
        const { key } = readModel.tables[table]!;
        const select = (db as any).selectFrom(table).selectAll();
        return key.reduce((ordered: any, column: string) => ordered.orderBy(column), select).execute();
      },
    });
    return this.#answer(
      `Table ${table} of read model ${readModel.name} holds other rows than expected`,
      Rows({}),
      rows,
      Rows,
    );
  }

  /** A query answers this. */
  thenAnswer<Result>(request: QueryRequest<string, any, Result>, expected: NoInfer<Result>): Promise<void> {
    return this.#answer(`Query ${request.query.type} answered otherwise than expected`, request, expected);
  }

  #answer(what: string, request: QueryRequest, expected: unknown, extra?: QueryRequest['query']): Promise<void> {
    return this.#finish(async (world) => {
      checkAccepted(world);
      const after = await world.running.log.head();
      const options = world.actor === undefined ? { after } : { after, actor: world.actor };
      const { result } = await world.running.query(request, options);
      expectEqual(what, expected, result);
    }, extra);
  }

  #with<C extends string = Code>(step: Step): Scenario<C> {
    return new Scenario<C>(this.#application, [...this.#steps, step]);
  }

  /** Runs everything, and then the expectation. */
  async #finish(expectation: Step, extra?: QueryRequest['query']): Promise<void> {
    const clock = testClock();
    const application =
      extra === undefined
        ? this.#application
        : { ...this.#application, queries: new Map([...this.#application.queries, [extra.type, extra]]) };
    const running = await startInMemory(application, { clock });
    const world: World = { running, clock, actor: undefined, last: undefined, positionBefore: 0 };
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
  for (const event of events) {
    if (!application.events.has(event.type)) throw new UnknownEventError(event.type, 'The scenario');
  }
  const happened: Step = async ({ running }) => {
    if (events.length > 0) await running.log.append(events);
  };
  return new Scenario(application, [happened]);
}

/** Accepts any parameters. */
const anything: Schema<Record<string, never>> = {
  '~standard': { version: 1, vendor: 'carillon', validate: (value) => ({ value: value as Record<string, never> }) },
};

function named(world: World): string {
  return `Command ${world.last?.request.command.type ?? '(none)'}`;
}

function resultOf(world: World): CommandResult {
  if (world.last === undefined) throw new ScenarioError('No command was executed: add .when(…).');
  const { result } = world.last;
  if ('thrown' in result) throw result.thrown;
  return result;
}

/** The last command, if any, must have been accepted. */
function checkAccepted(world: World): void {
  if (world.last === undefined) return;
  const result = resultOf(world);
  if (result.rejected !== true) return;
  const details = result.details === undefined ? '' : ` ${JSON.stringify(result.details)}`;
  throw new ScenarioError(`${named(world)} was rejected with ${result.code}${details}: ${result.message}`);
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
