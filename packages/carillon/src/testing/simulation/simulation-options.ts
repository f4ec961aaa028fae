import type { Application } from '../../definitions/application.js';
import { CarillonError } from '../../definitions/errors.js';
import type { Simulation } from './simulation.js';

/** How often something goes wrong, from 0 (never) to 1. */
export interface Faults {
  /** A delivery to a reaction fails before anything is done. Default 0.02. */
  readonly failure?: number;
  /** A delivery is made again although it was done. Default 0.02. */
  readonly duplicate?: number;
  /** The application crashes between two steps, and is started again. Default 0.005. */
  readonly crash?: number;
}

/** Something that must always hold: throws when it does not. */
export type Invariant = (simulation: Simulation) => void | Promise<void>;

/** What `simulate` takes. */
export interface SimulationOptions {
  /**
   * The application; made for each run when it is given as a function, with whatever it calls outside: use the simulation's
   * clock, chance and `sleep` there.
   */
  readonly application: Application<any, any> | ((simulation: Simulation) => Application<any, any>);
  /** What callers do. Start several at a time with `Promise.all`: in which order they come is decided by the seed. */
  readonly workload: (simulation: Simulation) => Promise<unknown>;
  /** Checked whenever something new is durable, by name. */
  readonly invariants?: { readonly [name: string]: Invariant };
  /** Checked when the workload is done and nothing is left to do, by name. */
  readonly finally?: { readonly [name: string]: Invariant };
  /** The seed of the first run. Default 1. Each further run takes the next. */
  readonly seed?: number;
  /** How many runs. Default 20. */
  readonly runs?: number;
  /** How many steps a run may take before it counts as endless. Default 100,000. */
  readonly maxSteps?: number;
  /** What goes wrong while the workload goes on. After it nothing does, so that everything must come to its end. `false`: nothing. */
  readonly faults?: Faults | false;
  /** How much time may pass after the workload until nothing is left to do, in days. Default 365. */
  readonly patienceDays?: number;
}

/** What the runs came to. */
export interface SimulationReport {
  readonly runs: number;
  readonly steps: number;
  readonly crashes: number;
  /** How many events the logs held in the end. */
  readonly events: number;
  /** A hash of every step of every run: the same for the same seeds, code and options. */
  readonly trace: string;
}

/** An invariant did not hold, or the application did not come to rest. */
export class SimulationError extends CarillonError {
  /** Give it as `seed`, with `runs: 1`, to see the same again. */
  readonly seed: number;
  readonly step: number;

  constructor(seed: number, step: number, problem: string, trace: readonly string[], options?: ErrorOptions) {
    const last = trace.map((line) => `  ${line}`).join('\n');
    super(
      'simulation-failed',
      `${problem}\nReplay it with { seed: ${seed}, runs: 1 }. It was step ${step}; the last ones were:\n${last}`,
      options,
    );
    this.seed = seed;
    this.step = step;
  }
}

/** Something went wrong because the simulation wanted it to. */
export class SimulatedFault extends CarillonError {
  constructor(what: string) {
    super('simulated-fault', `Simulated fault: ${what}.`);
  }
}
