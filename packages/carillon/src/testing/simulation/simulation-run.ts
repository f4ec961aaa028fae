import { createHash, type Hash } from 'node:crypto';
import type { Application } from '../../definitions/application.js';
import type { Clock } from '../../definitions/clock.js';
import type { CommandRequest } from '../../definitions/command.js';
import { type Duration, toMs } from '../../definitions/duration.js';
import type { RecordedEvent } from '../../definitions/event.js';
import type { QueryRequest } from '../../definitions/query.js';
import type { CommandResult } from '../../definitions/receipt.js';
import { RandomSource } from '../../random/random-source.js';
import { openMemoryReadDatabase } from '../../read-database/sqlite/open.js';
import { SimulatedDisk } from './simulated-disk.js';
import { SimulatedProcess } from './simulated-process.js';
import type { Simulation } from './simulation.js';
import { type Faults, type Invariant, SimulationError, type SimulationOptions } from './simulation-options.js';
import { VirtualScheduler } from './virtual-scheduler.js';

const startMs = Date.UTC(2026, 0, 1, 12);
const noFaults = { failure: 0, duplicate: 0, crash: 0 };

/** So many steps are shown when something goes wrong. */
const shownSteps = 25;

/** One run: an application, its callers and its crashes, all decided by a seed. */
export class SimulationRun implements Simulation {
  readonly clock: Clock;
  readonly #seed: number;
  readonly #options: SimulationOptions;
  readonly #random: RandomSource;
  readonly #scheduler: VirtualScheduler;
  readonly #disk: SimulatedDisk;
  readonly #readDatabase = openMemoryReadDatabase();
  readonly #application: Application<any, any>;
  readonly #events: RecordedEvent[] = [];
  readonly #trace: string[] = [];
  readonly #hash: Hash = createHash('sha256');
  /** Calls that the process has not answered: they fail when it crashes. */
  readonly #calls = new Set<(crashed: typeof crash) => void>();
  #process: SimulatedProcess;
  #faults: Required<Faults>;
  #commands = 0;
  #problem: { readonly error: unknown } | undefined;
  steps = 0;
  crashes = 0;

  constructor(options: SimulationOptions, seed: number) {
    this.#options = options;
    this.#seed = seed;
    this.#random = new RandomSource(seed);
    this.#scheduler = new VirtualScheduler(this.#random, startMs);
    this.clock = this.#scheduler.clock;
    this.#disk = new SimulatedDisk(this.#scheduler, this.#random, seed);
    const { failure = 0.02, duplicate = 0.02, crash: crashing = 0.005 } = options.faults || {};
    this.#faults = options.faults === false ? noFaults : { failure, duplicate, crash: crashing };
    this.#application = typeof options.application === 'function' ? options.application(this) : options.application;
    this.#process = this.#newProcess();
  }

  get eventCount(): number {
    return this.#disk.stored.length;
  }

  /** What has happened, as a hash. */
  get trace(): string {
    return this.#hash.copy().digest('base64url');
  }

  // Arrow functions: workloads take them out of the object.
  readonly below = (bound: number): number => this.#random.below(bound);

  readonly pick = <T>(list: readonly T[]): T => this.#random.pick(list);

  readonly chance = (probability: number): boolean => this.#random.below(1_000_000) < probability * 1_000_000;

  readonly sleep = (duration: Duration): Promise<void> =>
    new Promise((resolve) => this.#scheduler.after('sleep', toMs(duration), resolve));

  readonly execute = async <Code extends string>(
    request: CommandRequest<string, any, Code>,
  ): Promise<CommandResult<Code>> => {
    const commandId = `caller:${++this.#commands}`;
    for (;;) {
      const result = await this.#call(() => this.#process.execute(request, commandId));
      if (result !== crash) return result as CommandResult<Code>;
      await this.sleep({ milliseconds: 1 + this.below(50) });
    }
  };

  readonly query = async <Result>(request: QueryRequest<string, any, Result>): Promise<Result> =>
    (await this.#process.query(request)) as Result;

  readonly events = (...types: string[]): readonly RecordedEvent[] => {
    const { stored, codec } = this.#disk;
    for (let index = this.#events.length; index < stored.length; index++) {
      this.#events.push(codec.decode(stored[index]!));
    }
    return types.length === 0 ? this.#events : this.#events.filter(({ type }) => types.includes(type));
  };

  /** @throws SimulationError */
  async run(): Promise<void> {
    const { workload, invariants = {}, finally: last = {}, patienceDays = 365 } = this.#options;
    try {
      await this.#startProcess();
      let isDone = false;
      void workload(this).then(
        () => {
          isDone = true;
        },
        (error: unknown) => {
          this.#problem = { error };
        },
      );
      await this.#stepWhile(() => !isDone, Number.POSITIVE_INFINITY, invariants);
      if (!isDone) this.#fail('The workload waits for something that is not simulated: use `sleep` and `execute`.');
      this.#faults = noFaults;
      await this.#retryParked();
      const untilMs = this.#scheduler.nowMs + patienceDays * 86_400_000;
      await this.#stepWhile(() => true, untilMs, invariants);
      if (!(await this.#process.isIdle())) this.#fail(`It did not come to rest: ${this.#standing()}`);
      for (const [name, invariant] of Object.entries(last)) await this.#check(name, invariant);
    } finally {
      await this.#process.close();
      await this.#readDatabase.writer.close();
    }
  }

  /** Does one task after the other while there are any. */
  async #stepWhile(goesOn: () => boolean, untilMs: number, invariants: SimulationOptions['invariants'] = {}) {
    await settled();
    while (goesOn()) {
      const task = this.#scheduler.next(untilMs);
      if (task === undefined) return;
      if (++this.steps > (this.#options.maxSteps ?? 100_000)) this.#fail(`It did not end: ${this.#standing()}`);
      const before = this.#disk.stored.length;
      this.#note(task.label);
      task.work();
      await settled();
      if (this.#problem !== undefined) this.#fail('The workload failed', this.#problem.error);
      if (this.chance(this.#faults.crash)) await this.#crash();
      if (this.#disk.stored.length === before) continue;
      for (const [name, invariant] of Object.entries(invariants)) await this.#check(name, invariant);
    }
  }

  #newProcess(): SimulatedProcess {
    return new SimulatedProcess({
      application: this.#application,
      scheduler: this.#scheduler,
      random: this.#random,
      disk: this.#disk,
      readDatabase: this.#readDatabase,
      faults: () => this.#faults,
    });
  }

  /** Starting waits for commits, which are steps like all others: no more than that happens meanwhile. */
  async #startProcess(): Promise<void> {
    let isStarted = false;
    const starting = this.#process.start().then(() => {
      isStarted = true;
    });
    await settled();
    while (!isStarted) {
      const task = this.#scheduler.next(Number.POSITIVE_INFINITY);
      if (task === undefined) break;
      this.steps++;
      this.#note(task.label);
      task.work();
      await settled();
    }
    await starting;
  }

  async #crash(): Promise<void> {
    this.crashes++;
    this.#note('CRASH');
    this.#process.crash();
    for (const end of this.#calls) end(crash);
    this.#calls.clear();
    this.#process = this.#newProcess();
    await this.#startProcess();
  }

  /** What was parked because the simulation made it fail too often is tried again, as an operator would. */
  async #retryParked(): Promise<void> {
    const retries = this.#process.reactions
      .ownStates()
      .flatMap(({ name, parked }) =>
        parked
          .filter(({ message, resumeAfter }) => message.startsWith('Simulated fault') && resumeAfter === undefined)
          .map(({ position }) => this.#process.reactions.retry(name, position)),
      );
    void Promise.all(retries);
  }

  #call(work: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#calls.add(resolve);
      work()
        .then(resolve, reject)
        .finally(() => this.#calls.delete(resolve));
    });
  }

  async #check(name: string, invariant: Invariant): Promise<void> {
    try {
      await invariant(this);
    } catch (error) {
      this.#fail(`"${name}" does not hold`, error);
    }
  }

  #fail(problem: string, cause?: unknown): never {
    const because = cause === undefined ? '' : `: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new SimulationError(this.#seed, this.steps, `${problem}${because}`, this.#trace, { cause });
  }

  #note(label: string): void {
    const line = `${this.clock().toISOString()} ${label}`;
    this.#hash.update(line);
    this.#trace.push(line);
    if (this.#trace.length > shownSteps) this.#trace.shift();
  }

  /** What is left to do. */
  #standing(): string {
    const parts = this.#process.reactions.ownStates().map(({ name, position, open, parked }) => {
      const stopped = parked.map(({ eventType, position: at, message }) => `, parked ${eventType} ${at} (${message})`);
      return `${name} stands at ${position} with ${open} open${stopped.join('')}`;
    });
    return `the log has ${this.eventCount} events; ${parts.join('; ')}.`;
  }
}

/** What a call comes to when the application crashes. */
const crash = Symbol('crash');

/** Lets everything go on that waits for nothing. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
