import { CommandExecutor } from '../../deciding/command-executor.js';
import type { Application } from '../../definitions/application.js';
import type { CommandRequest } from '../../definitions/command.js';
import type { QueryRequest } from '../../definitions/query.js';
import type { CommandResult } from '../../definitions/receipt.js';
import type { Log } from '../../log/log.js';
import { Projector } from '../../projecting/projector.js';
import { checkQuery, QueryRunner } from '../../querying/query-runner.js';
import type { RandomSource } from '../../random/random-source.js';
import { Reactions } from '../../reacting/reactions.js';
import type { Work } from '../../reacting/work.js';
import type { ReadDatabaseReader, ReadDatabaseWriter } from '../../read-database/read-database.js';
import type { SimulatedDisk } from './simulated-disk.js';
import { type Faults, SimulatedFault } from './simulation-options.js';
import type { VirtualScheduler } from './virtual-scheduler.js';

/** What a process lives on. */
export interface ProcessWorld {
  readonly application: Application<any, any>;
  readonly scheduler: VirtualScheduler;
  readonly random: RandomSource;
  readonly disk: SimulatedDisk;
  readonly readDatabase: { readonly writer: ReadDatabaseWriter; readonly reader: ReadDatabaseReader };
  /** What goes wrong now. */
  readonly faults: () => Required<Faults>;
}

/** One life of the application, from a start to a crash: everything it keeps in memory is gone then. */
export class SimulatedProcess {
  readonly log: Log;
  readonly reactions: Reactions;
  readonly #world: ProcessWorld;
  readonly #executor: CommandExecutor;
  readonly #projector: Projector;
  readonly #runner: QueryRunner;
  #isAlive = true;

  constructor(world: ProcessWorld) {
    const { application, scheduler, disk, readDatabase } = world;
    const { clock } = scheduler;
    const isAlive = () => this.#isAlive;
    this.#world = world;
    this.log = disk.openLog(isAlive);
    this.#executor = new CommandExecutor({ application, log: this.log, clock, freezeStates: true });
    this.#projector = new Projector({
      application,
      log: this.log,
      database: readDatabase.writer,
      clock,
      looksForOthers: false,
    });
    this.#runner = new QueryRunner(application, readDatabase.reader, clock);
    this.reactions = new Reactions({
      application,
      log: this.log,
      issueCommand: (request, call) =>
        this.#soon(`issue ${request.command.type}`).then(() =>
          this.#executor.execute(request, { ...call, isInternal: true }),
        ),
      scheduler: scheduler.forProcess(isAlive),
      // It is tried again, or parked; a simulation looks at what becomes of it.
      onFailure: () => undefined,
      decorate: (work) => this.#unreliable(work),
    });
  }

  async start(): Promise<void> {
    this.log.onAppend((head) => {
      void this.#soon('tell reactions').then(() => this.reactions.wake(head));
      void this.#soon('tell projections').then(() => this.#projector.wake(head));
    });
    await this.#projector.start();
    await this.reactions.start();
  }

  execute(request: CommandRequest, commandId: string): Promise<CommandResult<any>> {
    return this.#soon(`execute ${request.command.type}`).then(() => this.#executor.execute(request, { commandId }));
  }

  /** Answers from the read models as they are now. */
  async query(request: QueryRequest): Promise<unknown> {
    const params = await checkQuery(this.#world.application, request, undefined);
    return JSON.parse((await this.#runner.run(request.query.type, params)).json) as unknown;
  }

  /** Whether read models and reactions have got to the end of the log. */
  async isIdle(): Promise<boolean> {
    const head = await this.log.head();
    const states = [...this.#projector.states().values()];
    return (
      this.reactions.isIdle(head) && states.every(({ position, failure }) => failure !== undefined || position >= head)
    );
  }

  /** The process dies: nothing that it was doing comes to an end. */
  crash(): void {
    this.#isAlive = false;
    this.#world.disk.crash();
    // It finishes a batch that it is in: a crash just before or after it.
    void this.#projector.close();
  }

  async close(): Promise<void> {
    this.#isAlive = false;
    await this.#projector.close();
  }

  /** Goes on when its turn comes; never, when the process has died by then. */
  #soon(label: string): Promise<void> {
    return new Promise((resolve) => {
      this.#world.scheduler.after(label, this.#world.random.below(3), () => {
        if (this.#isAlive) resolve();
      });
    });
  }

  /** Deliveries come late, fail, or succeed without anyone knowing: then they are made again. */
  #unreliable(work: Work): Work {
    const { random, faults } = this.#world;
    const happens = (probability: number) => random.below(1_000_000) < probability * 1_000_000;
    return {
      name: work.name,
      query: work.query,
      startsAt: work.startsAt,
      maxConcurrency: work.maxConcurrency,
      timeoutMs: work.timeoutMs,
      retry: work.retry,
      keysOf: (event) => work.keysOf(event),
      isFinal: (error) => work.isFinal?.(error) === true,
      perform: async (event, key, attempt) => {
        await this.#soon(`deliver ${event.type} ${event.position} to ${work.name}`);
        if (happens(faults().failure)) throw new SimulatedFault('it failed before anything was done');
        await work.perform(event, key, attempt);
        if (happens(faults().duplicate)) throw new SimulatedFault('it was done, and nobody was told');
      },
    };
  }
}
