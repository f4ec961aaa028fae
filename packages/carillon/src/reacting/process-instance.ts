import { createHash } from 'node:crypto';
import type { CommandRequest } from '../definitions/command.js';
import { type Duration, toMs } from '../definitions/duration.js';
import { DefinitionError } from '../definitions/errors.js';
import type { RecordedEvent } from '../definitions/event.js';
import type { ProcessActions, ProcessManagerDefinition } from '../definitions/process-manager.js';
import type { Rejection } from '../definitions/rejection.js';
import { derivedId, type ProcessAdvanced, workData } from './work-events.js';

/** A timer that waits. */
export interface WaitingTimer {
  readonly timerId: string;
  readonly dueAt: Date;
}

/** A process as it is after some of its events. Never changed: each event makes a new one. */
export interface ProcessInstance {
  readonly state: unknown;
  readonly timers: ReadonlyMap<string, WaitingTimer>;
  readonly isEnded: boolean;
}

/** A process that has seen nothing. */
export function newProcess(definition: ProcessManagerDefinition): ProcessInstance {
  return { state: definition.initial, timers: new Map(), isEnded: false };
}

/** What a process makes of an event. */
export interface ProcessLook {
  readonly state: unknown;
  /** Undefined when it decides nothing. */
  readonly decided: ProcessAdvanced | undefined;
}

/** Lets a process look at an event: undefined when it does not. The same process and the same event always give the same. */
export function lookAt(
  definition: ProcessManagerDefinition,
  instance: ProcessInstance,
  key: string,
  event: RecordedEvent,
): ProcessLook | undefined {
  const actions = new Actions(definition, key, event);
  const step = stepFor(definition, instance, event, actions);
  if (step === undefined) return undefined;
  const next = step(instance.state);
  return { state: next === undefined ? instance.state : next, decided: actions.decided(instance) };
}

/** The process after it has looked at an event, with what was recorded of its decision: that counts, whatever the code says by now. */
export function advance(
  instance: ProcessInstance,
  event: RecordedEvent,
  state: unknown,
  recorded: ProcessAdvanced | undefined,
): ProcessInstance {
  const timers = new Map(instance.timers);
  const fired = workData(event, 'carillon:timer-fired');
  if (fired !== undefined) timers.delete(fired.timer);
  if (recorded === undefined) return { state, timers, isEnded: false };
  for (const [timer, { timerId }] of instance.timers)
    if (recorded.timersCancelled.includes(timerId)) timers.delete(timer);
  for (const { timer, timerId, dueAt } of recorded.timersSet) timers.set(timer, { timerId, dueAt: new Date(dueAt) });
  return { state, timers, isEnded: recorded.ended };
}

/** What is to be called with the state; undefined when the process does not look at the event. */
function stepFor(
  { steps }: ProcessManagerDefinition,
  instance: ProcessInstance,
  event: RecordedEvent,
  actions: Actions,
): ((state: unknown) => unknown) | undefined {
  if (instance.isEnded) return undefined;
  const fired = workData(event, 'carillon:timer-fired');
  if (fired !== undefined) {
    // One that was taken back or set anew while it fired is no longer meant.
    if (instance.timers.get(fired.timer)?.timerId !== fired.timerId) return undefined;
    const onTimer = steps.onTimer.get(fired.timer);
    return onTimer && ((state) => onTimer(state, actions));
  }
  const rejected = workData(event, 'carillon:command-rejected');
  if (rejected !== undefined) {
    const onRejected = steps.onRejected.get(rejected.command);
    const rejection = { rejected: true, code: rejected.code, message: rejected.message, details: rejected.details };
    return onRejected && ((state) => onRejected(state, rejection as Rejection, actions));
  }
  const onEvent = steps.onEvent.get(event.type);
  return onEvent && ((state) => onEvent(state, event.data, actions, event));
}

/** Notes down what a step decides. */
class Actions implements ProcessActions<string> {
  readonly key: string;
  readonly now: Date;
  readonly #definition: ProcessManagerDefinition;
  readonly #event: RecordedEvent;
  readonly #commands: CommandRequest[] = [];
  readonly #timers = new Map<string, Date | undefined>();
  #ended = false;

  constructor(definition: ProcessManagerDefinition, key: string, event: RecordedEvent) {
    this.key = key;
    this.now = event.recordedAt;
    this.#definition = definition;
    this.#event = event;
  }

  // Arrow functions: steps take them out of the object.
  readonly issue = (request: CommandRequest): void => {
    this.#commands.push(request);
  };

  readonly setTimer = (timer: string, when: Duration | Date): void => {
    this.#checkTimer(timer);
    const dueAt = when instanceof Date ? when : new Date(this.now.getTime() + toMs(when));
    if (Number.isNaN(dueAt.getTime())) {
      throw new DefinitionError(`Process manager ${this.#definition.name} sets its timer ${timer} to no time.`);
    }
    this.#timers.set(timer, dueAt);
  };

  readonly cancelTimer = (timer: string): void => {
    this.#checkTimer(timer);
    this.#timers.set(timer, undefined);
  };

  readonly end = (): void => {
    this.#ended = true;
  };

  decided(before: ProcessInstance): ProcessAdvanced | undefined {
    const { name } = this.#definition;
    const { position, id } = this.#event;
    const cancelled: string[] = [];
    for (const [timer, { timerId }] of before.timers) {
      if (this.#ended || this.#timers.has(timer)) cancelled.push(timerId);
    }
    const fired = workData(this.#event, 'carillon:timer-fired');
    const timersCancelled = cancelled.filter((timerId) => timerId !== fired?.timerId);
    const timersSet = [...this.#timers].flatMap(([timer, dueAt]) =>
      dueAt === undefined || this.#ended
        ? []
        : [{ timer, timerId: timerIdOf(name, this.key, timer, position), dueAt: dueAt.toISOString() }],
    );
    if (this.#commands.length + timersSet.length + timersCancelled.length === 0 && !this.#ended) return undefined;
    const commands = this.#commands.map(({ command, data }, n) => ({
      commandId: derivedId(name, this.key, id, n),
      command: command.type,
      data: data as unknown,
    }));
    return {
      process: name,
      key: this.key,
      trigger: position,
      commands,
      timersSet,
      timersCancelled,
      ended: this.#ended,
    };
  }

  #checkTimer(timer: string): void {
    if (this.#definition.timers.includes(timer)) return;
    throw new DefinitionError(`Process manager ${this.#definition.name} has no timer ${timer}. Name it in \`timers\`.`);
  }
}

function timerIdOf(process: string, key: string, timer: string, position: number): string {
  return createHash('sha256')
    .update(JSON.stringify([process, key, timer, position]))
    .digest('base64url')
    .slice(0, 27);
}
