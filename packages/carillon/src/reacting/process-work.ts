import type { Application } from '../definitions/application.js';
import type { RecordedEvent } from '../definitions/event.js';
import type { ProcessManagerDefinition } from '../definitions/process-manager.js';
import type { Log } from '../log/log.js';
import { causedBy, type IssueCommand } from './issue-command.js';
import { advance, lookAt, type ProcessInstance } from './process-instance.js';
import { ProcessLog } from './process-log.js';
import { UnansweredRejectionError } from './reacting-errors.js';
import type { Attempt, Work } from './work.js';
import type { ProcessAdvanced } from './work-events.js';

/** How long one attempt at a step may take, in milliseconds. */
const timeoutMs = 30_000;

/** How many processes are kept in memory between two of their events. */
const maxKept = 10_000;

/** The work of a process manager: to let each process look at its events, to record what it decides, and to do that. */
export class ProcessWork implements Work {
  readonly name: string;
  readonly query: Work['query'];
  readonly startsAt: Work['startsAt'];
  readonly maxConcurrency: number;
  readonly timeoutMs = timeoutMs;
  readonly retry: Work['retry'];
  readonly #definition: ProcessManagerDefinition;
  readonly #application: Application<any, any>;
  readonly #processes: ProcessLog;
  readonly #issueCommand: IssueCommand;
  /** Processes as they were after the last event that was done. They come in the order of their events, so that this is the next one's. */
  readonly #kept = new Map<string, Kept>();

  constructor(definition: ProcessManagerDefinition, application: Application<any, any>, log: Log, issue: IssueCommand) {
    this.name = definition.name;
    this.#definition = definition;
    this.#application = application;
    this.#processes = new ProcessLog(log, definition);
    this.#issueCommand = issue;
    this.query = this.#processes.query;
    this.startsAt = definition.startsAt;
    this.maxConcurrency = definition.maxConcurrency;
    this.retry = definition.retry;
  }

  keysOf(event: RecordedEvent): readonly string[] {
    return this.#processes.keysOf(event);
  }

  isFinal(error: unknown): boolean {
    return error instanceof UnansweredRejectionError;
  }

  async perform(event: RecordedEvent, key: string, { signal, isLate }: Attempt): Promise<void> {
    const kept = this.#kept.get(key);
    // Until it is done nobody knows what is in the log: then it is read again.
    this.#kept.delete(key);
    // One that has seen this event already is of no use: the event is delivered again.
    const before =
      kept !== undefined && kept.position < event.position
        ? kept.instance
        : await this.#processes.before(key, event.position);
    const look = lookAt(this.#definition, before, key, event);
    // After a late one the process has seen more than this.
    const keep = (instance: ProcessInstance) => (isLate ? undefined : this.#keep(key, instance, event.position));
    if (look === undefined) return keep(before);
    const recorded = look.decided && (await this.#processes.record(look.decided));
    if (recorded !== undefined) await this.#carryOut(recorded, event, signal);
    keep(advance(before, event, look.state, recorded));
  }

  async #carryOut(decided: ProcessAdvanced, event: RecordedEvent, signal: AbortSignal): Promise<void> {
    const metadata = { ...causedBy(event, this.name), process: decided.key };
    for (const { commandId, command, data } of decided.commands) {
      signal.throwIfAborted();
      const definition = this.#application.commands.get(command);
      if (definition === undefined) throw new Error(`Command ${command} does not belong to the application any more.`);
      const result = await this.#issueCommand(definition(data), { commandId, metadata });
      if (result.rejected !== true) continue;
      const { code, message, details } = result;
      const rejected = { process: this.name, key: decided.key, commandId, command, code, message };
      if (!this.#definition.steps.onRejected.has(command)) {
        throw new UnansweredRejectionError(this.name, command, code, message);
      }
      await this.#processes.recordRejection(details === undefined ? rejected : { ...rejected, details });
    }
  }

  /** The oldest goes when there are too many: it is read from the log when it is wanted. */
  #keep(key: string, instance: ProcessInstance, position: number): void {
    if (instance.isEnded) return;
    this.#kept.set(key, { instance, position });
    if (this.#kept.size <= maxKept) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }
}

/** A process as it was after the event at a position. */
interface Kept {
  readonly instance: ProcessInstance;
  readonly position: number;
}
