import type { CommandDefinition, CommandRequest, RejectionCode } from './command.js';
import type { Duration } from './duration.js';
import { DefinitionError } from './errors.js';
import type { CarriesTags, DataOf, EventDefinition, RecordedEvent } from './event.js';
import { checkName } from './name.js';
import { checkCount, type RetryPolicy, retryPolicy, type StartsAt } from './reaction.js';
import type { Rejection } from './rejection.js';
import { checkTagName } from './tag.js';

/** What a process can decide to do. Nothing is done at once: it is recorded in the log first, and then done. */
export interface ProcessActions<Timer extends string = string> {
  /** What the process is about: the value of its tag. */
  readonly key: string;
  /** When the event happened that the process is looking at. The only clock it may look at. */
  readonly now: Date;
  /** Issues a command. It has one effect, whatever crashes. */
  issue(request: CommandRequest): void;
  /** Sets a timer, or sets it anew. It fires once: at the time, or when the application runs again. */
  setTimer(timer: Timer, when: Duration | Date): void;
  /** Takes a timer back, if it waits. */
  cancelTimer(timer: Timer): void;
  /** The process is done: its timers are taken back, and it looks at nothing that happens later. */
  end(): void;
}

/** What a step of a process returns: the new state, or nothing when it stays as it is. */
// biome-ignore lint/suspicious/noConfusingVoidType: a step may end without a return.
export type NextState<State> = State | void;

/** How a process manager looks at one thing that happened: a pure function of the state and what happened. */
export type ProcessStep = (state: any, ...happened: any[]) => NextState<any>;

/** What `processManager()` takes besides the name. */
export interface ProcessManagerOptions<State, By extends string, Timer extends string> {
  /** One sentence for the documentation. */
  readonly description?: string;
  /** The tag that tells one process from another: `order` for a process for each order. */
  readonly by: By;
  /** The state of a process that has seen nothing. */
  readonly initial: State;
  /** The names of its timers. */
  readonly timers?: readonly Timer[];
  /** Whether a new process manager gets the events that are there already. Once started it goes on where it was. */
  readonly startsAt: StartsAt;
  /** How many processes are worked on at a time. Default 256. */
  readonly maxConcurrency?: number;
  /** When an event is parked: its process then waits for an operator, and the others go on. */
  readonly retry?: RetryPolicy;
}

/** The names that a process manager knows its processes and their timers by. */
export interface ProcessNames {
  /** The tag that tells one process from another. */
  readonly by: string;
  readonly timers: string;
}

/** Names of any process manager: steps that know their timers fit, too. */
interface AnyProcessNames {
  readonly by: string;
  readonly timers: any;
}

/**
 * A reaction with state and timers, across many events (a saga). There is a process for each value of its tag; state and
 * timers are kept in the log.
 */
export interface ProcessManagerDefinition<
  State = any,
  Names extends ProcessNames = AnyProcessNames,
  Handled extends string = string,
> {
  readonly kind: 'process-manager';
  readonly name: string;
  readonly description: string | undefined;
  readonly by: Names['by'];
  readonly initial: State;
  readonly timers: readonly Names['timers'][];
  readonly startsAt: StartsAt;
  readonly maxConcurrency: number;
  readonly retry: Required<RetryPolicy>;
  /** The events it looks at. */
  readonly events: readonly EventDefinition[];
  /** What it does when something happens: by event type, by timer, by the command that was rejected. */
  readonly steps: ProcessSteps;
  /**
   * Says what a process does when an event happens. The event must carry the process manager's tag: one that does not is a
   * compile error. Returns a new definition; this one stays as it is.
   */
  on<Event extends EventDefinition>(
    event: Event & CarriesTags<Event, Names['by']>,
    step: (
      state: State,
      data: DataOf<Event>,
      actions: ProcessActions<Names['timers']>,
      event: RecordedEvent<Event['type'], DataOf<Event>>,
    ) => NextState<State>,
  ): ProcessManagerDefinition<State, Names, Handled | Event['type']>;
  /** Says what a process does when one of its timers fires. */
  onTimer(
    timer: Names['timers'],
    step: (state: State, actions: ProcessActions<Names['timers']>) => NextState<State>,
  ): ProcessManagerDefinition<State, Names, Handled>;
  /** Says what a process does when a command that it issued was rejected. Where nothing is said, the event is parked. */
  onRejected<Command extends CommandDefinition<string, any, any>>(
    command: Command,
    step: (
      state: State,
      rejection: Rejection<RejectionCode<Command>>,
      actions: ProcessActions<Names['timers']>,
    ) => NextState<State>,
  ): ProcessManagerDefinition<State, Names, Handled>;
  /** Only for the compiler: which events it looks at. */
  readonly '~handles'?: Handled;
}

/** What a process manager does when something happens. */
export interface ProcessSteps {
  readonly onEvent: ReadonlyMap<string, ProcessStep>;
  readonly onTimer: ReadonlyMap<string, ProcessStep>;
  readonly onRejected: ReadonlyMap<string, ProcessStep>;
}

/**
 * Defines a process manager: what should happen across many events, with state and timers.
 *
 * ```ts
 * export const fulfilment = processManager('fulfilment', {
 *   by: 'order',
 *   initial: { isPaid: false },
 *   timers: ['payment'],
 *   startsAt: 'beginning',
 * })
 *   .on(OrderPlaced, (order, e, { issue, setTimer }) => {
 *     issue(RequestPayment({ orderId: e.orderId, amount: e.total }));
 *     setTimer('payment', { minutes: 30 });
 *   })
 *   .on(PaymentReceived, (order, e, { issue, cancelTimer }) => {
 *     cancelTimer('payment');
 *     issue(ShipOrder({ orderId: e.orderId }));
 *     return { isPaid: true };
 *   })
 *   .onTimer('payment', (order, { issue, key }) => issue(CancelOrder({ orderId: key, reason: 'not paid in time' })));
 * ```
 *
 * Steps are pure functions of the state and what happened: they are called again when a process is looked up.
 *
 * @throws DefinitionError when the name, the tag or a limit is unusable
 */
export function processManager<State, const By extends string, const Timer extends string = never>(
  name: string,
  options: ProcessManagerOptions<State, By, Timer>,
): ProcessManagerDefinition<State, { by: By; timers: Timer }, never> {
  checkName('a process manager', name);
  checkTagName(options.by);
  const { maxConcurrency = 256 } = options;
  checkCount(`maxConcurrency of process manager ${name}`, maxConcurrency);
  const settings: Settings = {
    name,
    description: options.description,
    by: options.by,
    initial: options.initial,
    timers: options.timers ?? [],
    startsAt: options.startsAt,
    maxConcurrency,
    retry: retryPolicy(options.retry),
  };
  const steps = { onEvent: new Map(), onTimer: new Map(), onRejected: new Map() };
  return define(settings, [], steps) as ProcessManagerDefinition<State, { by: By; timers: Timer }, never>;
}

type Settings = Pick<
  ProcessManagerDefinition,
  'name' | 'description' | 'by' | 'initial' | 'timers' | 'startsAt' | 'maxConcurrency' | 'retry'
>;

function define(
  settings: Settings,
  events: readonly EventDefinition[],
  steps: ProcessSteps,
): ProcessManagerDefinition<any, any, any> {
  const { name, timers } = settings;
  const add = (known: ReadonlyMap<string, ProcessStep>, what: string, step: ProcessStep) => {
    if (known.has(what)) throw new DefinitionError(`Process manager ${name} handles ${what} twice.`);
    return new Map(known).set(what, step);
  };
  return Object.freeze({
    kind: 'process-manager' as const,
    ...settings,
    events,
    steps,
    on: (event: EventDefinition, step: ProcessStep) =>
      define(settings, [...events, event], { ...steps, onEvent: add(steps.onEvent, event.type, step) }),
    onTimer: (timer: string, step: ProcessStep) => {
      if (!timers.includes(timer)) {
        throw new DefinitionError(`Process manager ${name} has no timer ${timer}. Name it in \`timers\`.`);
      }
      return define(settings, events, { ...steps, onTimer: add(steps.onTimer, timer, step) });
    },
    onRejected: (command: CommandDefinition<string, any, any>, step: ProcessStep) =>
      define(settings, events, { ...steps, onRejected: add(steps.onRejected, command.type, step) }),
  });
}
