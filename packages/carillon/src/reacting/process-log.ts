import type { RecordedEvent } from '../definitions/event.js';
import type { ProcessManagerDefinition } from '../definitions/process-manager.js';
import { tag } from '../definitions/tag.js';
import type { Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import type { LogQuery } from '../log/log-query.js';
import { advance, lookAt, newProcess, type ProcessInstance } from './process-instance.js';
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

/** A process, made from the log. */
export interface ReplayedProcess {
  readonly instance: ProcessInstance;
  readonly history: readonly ProcessHistoryEntry[];
}

/** What the log holds about the processes of one process manager. */
export class ProcessLog {
  readonly #log: Log;
  readonly #definition: ProcessManagerDefinition;

  constructor(log: Log, definition: ProcessManagerDefinition) {
    this.#log = log;
    this.#definition = definition;
  }

  /** The events that any process looks at. */
  get query(): LogQuery {
    const { name, events } = this.#definition;
    return {
      items: [
        { types: events.map(({ type }) => type) },
        { types: ['carillon:timer-fired', 'carillon:command-rejected'], tags: [processesTag(name)] },
      ],
    };
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

  /** A process as it is now, and everything that led to it. */
  history(key: string): Promise<ReplayedProcess> {
    return this.#replay(key, Number.POSITIVE_INFINITY);
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
      const look = lookAt(this.#definition, instance, key, event);
      if (look === undefined) continue;
      const decided = recorded.get(position);
      instance = advance(instance, event, look.state, decided);
      history.push({ position, recordedAt, eventType, data, decided });
    }
    return { instance, history };
  }

  /** Everything that a process looks at, and what it decided, in the order of the log. */
  async #eventsOf(key: string): Promise<readonly RecordedEvent[]> {
    const { name, events, by } = this.#definition;
    const query: LogQuery = {
      items: [{ types: events.map(({ type }) => type), tags: [tag(by, key)] }, { tags: [processTag(name, key)] }],
    };
    const loaded = await this.#log.load([{ query, after: 0 }]);
    await loaded.durable;
    return loaded.events[0] ?? [];
  }
}
