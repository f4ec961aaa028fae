import type { RecordedEvent } from '../definitions/event.js';
import type { ProcessManagerDefinition } from '../definitions/process-manager.js';
import { tag } from '../definitions/tag.js';
import type { Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import type { LogQuery } from '../log/log-query.js';
import { readAll } from '../log/read-all.js';
import { advance, lookAt, newProcess, type ProcessInstance, type ProcessLook } from './process-instance.js';
import { UnknownProcessError } from './reacting-errors.js';
import {
  type CommandRejected,
  type ProcessAdvanced,
  processesTag,
  processTag,
  rejectionTag,
  stepTag,
  timerTag,
  workData,
  workEvent,
} from './work-events.js';

/** One thing that a process has looked at, and what it decided. */
export interface ProcessHistoryEntry {
  readonly position: number;
  readonly recordedAt: Date;
  /** The event's type; for a timer or a rejected command, `carillon:timer-fired` and `carillon:command-rejected`. */
  readonly eventType: string;
  readonly data: unknown;
  readonly decided: ProcessAdvanced | undefined;
}

/** A process, and what led to it. */
export interface ProcessView {
  readonly process: string;
  readonly key: string;
  readonly state: unknown;
  readonly isEnded: boolean;
  readonly timers: readonly { readonly timer: string; readonly dueAt: Date }[];
  readonly history: readonly ProcessHistoryEntry[];
}

interface ReplayedProcess {
  readonly instance: ProcessInstance;
  readonly history: readonly ProcessHistoryEntry[];
}

/** The events that processes of a process manager look at. */
export function processQuery({ name, events }: ProcessManagerDefinition): LogQuery {
  return {
    items: [
      { types: events.map(({ type }) => type) },
      { types: ['carillon:timer-fired', 'carillon:command-rejected'], tags: [processesTag(name)] },
    ],
  };
}

/** What the log holds about the processes of one process manager. */
export class ProcessLog {
  readonly #log: Pick<Log, 'read' | 'append'>;
  readonly #definition: ProcessManagerDefinition;

  constructor(log: Pick<Log, 'read' | 'append'>, definition: ProcessManagerDefinition) {
    this.#log = log;
    this.#definition = definition;
  }

  /** The events that any process looks at. */
  get query(): LogQuery {
    return processQuery(this.#definition);
  }

  /** The processes that an event is about. */
  keysOf(event: RecordedEvent): readonly string[] {
    const own = workData(event, 'carillon:timer-fired') ?? workData(event, 'carillon:command-rejected');
    if (own !== undefined) return [own.key];
    const prefix = tag(this.#definition.by, '');
    return event.tags.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
  }

  /** A process as it was before a position, where everything before is done. */
  async before(key: string, position: number): Promise<ProcessInstance> {
    return (await this.#replay(key, position)).instance;
  }

  /** The keys of the processes that last decided something, the latest first. */
  async keys(limit: number): Promise<readonly string[]> {
    const { name } = this.#definition;
    const query = { items: [{ types: ['carillon:process-advanced'], tags: [processesTag(name)] }] };
    const keys = new Set<string>();
    for (let before = Number.MAX_SAFE_INTEGER; keys.size < limit; ) {
      const events = await this.#log.read(query, { after: before, backwards: true, limit: 1_000 });
      for (const event of events) {
        before = event.position;
        if (keys.size < limit) keys.add((event.data as ProcessAdvanced).key);
      }
      if (events.length === 0) break;
    }
    return [...keys];
  }

  /** One process: its state, its timers and what led to it. @throws UnknownProcessError */
  async view(key: string): Promise<ProcessView> {
    const { instance, history } = await this.#replay(key, Number.POSITIVE_INFINITY);
    if (history.length === 0) throw new UnknownProcessError(this.#definition.name, key);
    const timers = [...instance.timers].map(([timer, { dueAt }]) => ({ timer, dueAt }));
    return { process: this.#definition.name, key, state: instance.state, isEnded: instance.isEnded, timers, history };
  }

  /** Records what a process decided about an event, once. Returns what stands in the log: it may have been recorded before. */
  async record(decided: ProcessAdvanced): Promise<ProcessAdvanced> {
    const { process, key, trigger, timersCancelled } = decided;
    const step = stepTag(process, key, trigger);
    const tags = [processesTag(process), processTag(process, key), step, ...timersCancelled.map(timerTag)];
    try {
      const condition = { failIfEventsMatch: { items: [{ tags: [step] }] } };
      await this.#log.append([workEvent('carillon:process-advanced', decided, tags)], condition);
      return decided;
    } catch (error) {
      if (!(error instanceof AppendConditionError)) throw error;
      const [recorded] = await this.#log.read({ items: [{ tags: [step] }] }, { limit: 1 });
      return recorded?.data as ProcessAdvanced;
    }
  }

  /** Records that a command was rejected, once. */
  async recordRejection(rejected: CommandRejected): Promise<void> {
    const unique = rejectionTag(rejected.commandId);
    const tags = [processesTag(rejected.process), processTag(rejected.process, rejected.key), unique];
    try {
      const condition = { failIfEventsMatch: { items: [{ tags: [unique] }] } };
      await this.#log.append([workEvent('carillon:command-rejected', rejected, tags)], condition);
    } catch (error) {
      if (!(error instanceof AppendConditionError)) throw error;
    }
  }

  async #replay(key: string, before: number): Promise<ReplayedProcess> {
    const events = await this.#eventsOf(key);
    const recorded = new Map<number, ProcessAdvanced>();
    for (const event of events) {
      const decided = workData(event, 'carillon:process-advanced');
      if (decided !== undefined) recorded.set(decided.trigger, decided);
    }
    let instance = newProcess(this.#definition);
    const history: ProcessHistoryEntry[] = [];
    for (const event of events) {
      const { position, recordedAt, type: eventType, data } = event;
      if (position >= before) break;
      if (eventType === 'carillon:process-advanced') continue;
      const look = this.#lookAgain(instance, key, event);
      if (look === undefined) continue;
      const decided = recorded.get(position);
      instance = advance(instance, event, look.state, decided);
      history.push({ position, recordedAt, eventType, data, decided });
    }
    return { instance, history };
  }

  /** An event at which the step fails was skipped, or the process would not have got any farther: it has changed nothing. */
  #lookAgain(instance: ProcessInstance, key: string, event: RecordedEvent): ProcessLook | undefined {
    try {
      return lookAt(this.#definition, instance, key, event);
    } catch {
      return undefined;
    }
  }

  /** Everything that a process looks at, and what it decided, in the order of the log. */
  async #eventsOf(key: string): Promise<readonly RecordedEvent[]> {
    const { name, events, by } = this.#definition;
    const query: LogQuery = {
      items: [{ types: events.map(({ type }) => type), tags: [tag(by, key)] }, { tags: [processTag(name, key)] }],
    };
    const found: RecordedEvent[] = [];
    for await (const event of readAll(this.#log, query)) found.push(event);
    return found;
  }
}
