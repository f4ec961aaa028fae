import { type Application, reactionEvents } from '../definitions/application.js';
import type { AnyReaction } from '../definitions/module.js';
import type { Log } from '../log/log.js';
import type { IssueCommand } from './issue-command.js';
import { ProcessLog, type ProcessView } from './process-log.js';
import { ProcessTimers } from './process-timers.js';
import { ProcessWork } from './process-work.js';
import type { Parked } from './progress.js';
import { ForeignCommandError, NotParkedError, ReactionRunningError, UnknownReactionError } from './reacting-errors.js';
import { reactionWork } from './reaction-work.js';
import { type ReactionFailure, Reactor } from './reactor.js';
import type { Scheduler } from './scheduler.js';
import type { Work } from './work.js';
import { eventRetried, eventSkipped } from './work-events.js';

/** What the reactions of an application work with. */
export interface ReactionsParts {
  readonly application: Application<any, any>;
  readonly log: Log;
  readonly issueCommand: IssueCommand;
  readonly scheduler: Scheduler;
  readonly onFailure: (failure: ReactionFailure) => void;
  /** Puts something between the work and who does it: a simulation lets it fail. */
  readonly decorate?: (work: Work) => Work;
}

/** Where a reaction or process manager stands. */
export interface ReactionState {
  readonly name: string;
  readonly kind: AnyReaction['kind'];
  /** The types of the events that it is about. */
  readonly events: readonly string[];
  /** Everything up to here is done or parked. */
  readonly position: number;
  /** Events that it has begun with, or that wait their turn in memory. */
  readonly open: number;
  readonly parked: readonly Parked[];
  /** How many timers wait. 0 for reactions, which have none. */
  readonly timers: number;
}

/** The most processes that are listed. */
const maxListed = 1_000;

const unchanged = (work: Work): Work => work;

interface AtWork {
  readonly reaction: AnyReaction;
  readonly reactor: Reactor;
  readonly timers: ProcessTimers | undefined;
}

/** The reactions and process managers of an application at work. */
export class Reactions {
  readonly #parts: ReactionsParts;
  readonly #atWork = new Map<string, AtWork>();
  #head = 0;

  constructor(parts: ReactionsParts) {
    this.#parts = parts;
  }

  /** Starts those that the application has. */
  async start(): Promise<void> {
    for (const reaction of this.#parts.application.reactions.values()) await this.add(reaction);
  }

  /** Starts one. It goes on where it was, if it was ever started before. @throws ReactionRunningError */
  async add(reaction: AnyReaction): Promise<void> {
    if (this.#atWork.has(reaction.name)) throw new ReactionRunningError(reaction.name);
    const { application, log, scheduler, onFailure, decorate = unchanged } = this.#parts;
    const issueCommand = this.#issueFor(reaction.name);
    const isProcess = reaction.kind === 'process-manager';
    const work = isProcess
      ? new ProcessWork(reaction, application, log, issueCommand)
      : reactionWork(reaction, issueCommand, scheduler.clock);
    const reactor = new Reactor(decorate(work), { log, scheduler, onFailure });
    const timers = isProcess
      ? new ProcessTimers(reaction.name, {
          log,
          scheduler,
          onError: (error) => onFailure({ reaction: reaction.name, error, event: undefined, outcome: 'retried' }),
        })
      : undefined;
    this.#atWork.set(reaction.name, { reaction, reactor, timers });
    try {
      await reactor.start();
      await timers?.start();
    } catch (error) {
      this.#atWork.delete(reaction.name);
      throw error;
    }
    reactor.wake(this.#head);
    timers?.wake(this.#head);
  }

  /** Stops one: what it has begun is ended or done again when it is started again. @throws UnknownReactionError */
  async stop(name: string): Promise<void> {
    const { reactor, timers } = this.#get(name);
    this.#atWork.delete(name);
    await timers?.close();
    await reactor.close();
  }

  /** Says that the log has grown to `head`. */
  wake(head: number): void {
    if (head > this.#head) this.#head = head;
    for (const { reactor, timers } of this.#atWork.values()) {
      reactor.wake(head);
      timers?.wake(head);
    }
  }

  /** Where each stands. */
  states(): readonly ReactionState[] {
    return [...this.#atWork.values()].map(({ reaction, reactor, timers }) => ({
      name: reaction.name,
      kind: reaction.kind,
      events: reactionEvents(reaction).map(({ type }) => type),
      ...reactor.status(),
      timers: timers?.waiting ?? 0,
    }));
  }

  /** Lets a parked event be tried again, and then all that waits behind it. @throws UnknownReactionError, NotParkedError */
  async retry(reaction: string, position: number, by?: string): Promise<void> {
    for (const { key } of this.#parkedAt(reaction, position)) {
      await this.#parts.log.append([eventRetried({ reaction, key, position }, by)]);
    }
  }

  /** Gives a parked event up, and lets all that waits behind it go on. @throws UnknownReactionError, NotParkedError */
  async skip(reaction: string, position: number, reason: string, by?: string): Promise<void> {
    for (const { key } of this.#parkedAt(reaction, position)) {
      await this.#parts.log.append([eventSkipped({ reaction, key, position }, reason, by)]);
    }
  }

  /** The keys of the processes that last decided something, the latest first. @throws UnknownReactionError */
  async processKeys(name: string, limit = 100): Promise<readonly string[]> {
    return this.#processes(name).keys(Math.min(limit, maxListed));
  }

  /** One process: its state, its timers and its history. @throws UnknownReactionError */
  async process(name: string, key: string): Promise<ProcessView> {
    return this.#processes(name).view(key);
  }

  /** Whether everything up to `head` is done or parked, and no timer is due. */
  isIdle(head: number): boolean {
    for (const { reactor, timers } of this.#atWork.values()) {
      const { position, open } = reactor.status();
      if (position < head || open > 0 || timers?.isIdle === false) return false;
    }
    return true;
  }

  /** Resolves when each has done what it knew of at the time. */
  async whenDone(): Promise<void> {
    await Promise.all([...this.#atWork.values()].map(({ reactor }) => reactor.whenIdle()));
  }

  /** Stops all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#atWork.keys()].map((name) => this.stop(name)));
  }

  /** A reaction issues commands of its own module: what others do is theirs to decide. One that belongs to no module issues any. */
  #issueFor(reaction: string): IssueCommand {
    const { application, issueCommand } = this.#parts;
    const home = application.owners.reactions.get(reaction);
    if (home === undefined) return issueCommand;
    return async (request, call) => {
      const owner = application.owners.commands.get(request.command.type);
      if (owner !== home) throw new ForeignCommandError(reaction, home, request.command.type, owner);
      return issueCommand(request, call);
    };
  }

  #get(name: string): AtWork {
    const found = this.#atWork.get(name);
    if (found === undefined) throw new UnknownReactionError(name, [...this.#atWork.keys()]);
    return found;
  }

  #processes(name: string): ProcessLog {
    const { reaction } = this.#get(name);
    if (reaction.kind === 'process-manager') return new ProcessLog(this.#parts.log, reaction);
    const processes = [...this.#atWork.values()].filter((one) => one.reaction.kind === 'process-manager');
    throw new UnknownReactionError(
      name,
      processes.map((one) => one.reaction.name),
    );
  }

  #parkedAt(reaction: string, position: number): readonly Parked[] {
    const parked = this.#get(reaction).reactor.status().parked;
    const found = parked.filter((one) => one.position === position && one.resumeAfter === undefined);
    if (found.length === 0) throw new NotParkedError(reaction, position);
    return found;
  }
}
