import { type Application, reactionEvents } from '../definitions/application.js';
import type { AnyReaction } from '../definitions/module.js';
import type { HeldLease, LeasedWork, LeaseKeeper } from '../leasing/lease-keeper.js';
import type { Log } from '../log/log.js';
import { claimWork } from './claim.js';
import type { IssueCommand } from './issue-command.js';
import { ProcessLog, type ProcessView } from './process-log.js';
import { ProcessTimers } from './process-timers.js';
import { ProcessWork } from './process-work.js';
import { type Parked, readProgress, waitingAt } from './progress.js';
import { announceTypes, typesOf } from './reach.js';
import { queryOf, reached } from './reached.js';
import { ForeignCommandError, ReactionRunningError, UnknownReactionError } from './reacting-errors.js';
import { reactionWork } from './reaction-work.js';
import { type ReactionFailure, Reactor } from './reactor.js';
import type { Scheduler } from './scheduler.js';
import { type Slice, slices } from './slice.js';
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
  /** Shares the work out between processes; without one, all of it is done here. */
  readonly sharing?: { readonly keeper: LeaseKeeper; readonly member: string } | undefined;
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

/** What of a reaction is done here. */
interface AtWork {
  readonly reaction: AnyReaction;
  /** One for all of it, or one for each slice that this process has. */
  readonly reactors: Set<Reactor>;
  timers: ProcessTimers | undefined;
  /** The names of the leases of its parts, where processes share them. */
  readonly leases: readonly string[];
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

  /** Takes note of those that the application has, without doing anything: other processes do, maybe of a version that knows less of them. */
  async watch(): Promise<void> {
    for (const reaction of this.#parts.application.reactions.values()) {
      await this.#announce(reaction);
      this.#atWork.set(reaction.name, { reaction, reactors: new Set(), timers: undefined, leases: [] });
    }
  }

  /**
   * Starts one. It goes on where it was, if it was ever started before. Where processes share the work, each of its parts is begun by
   * whoever gets it.
   *
   * @throws ReactionRunningError
   */
  async add(reaction: AnyReaction): Promise<void> {
    const { name } = reaction;
    if (this.#atWork.has(name)) throw new ReactionRunningError(name);
    const { sharing } = this.#parts;
    const parts = sharing === undefined ? [] : this.#shared(reaction, sharing.member);
    const leases = parts.map((part) => part.name);
    const atWork = { reaction, reactors: new Set<Reactor>(), timers: undefined, leases };
    this.#atWork.set(name, atWork);
    const isStopped = () => this.#atWork.get(name) !== atWork;
    const ends: (() => Promise<void>)[] = [];
    const endAll = () => Promise.all(ends.map((end) => end()));
    try {
      if (sharing !== undefined) {
        await this.#announce(reaction);
        // It was stopped meanwhile.
        if (isStopped()) return;
        for (const part of parts) sharing.keeper.add(part);
        return;
      }
      ends.push(await this.#startReactor(reaction));
      if (reaction.kind === 'process-manager' && !isStopped()) ends.push(await this.#startTimers(reaction));
      if (isStopped()) await endAll();
    } catch (error) {
      await endAll();
      if (!isStopped()) this.#atWork.delete(name);
      throw error;
    }
  }

  #announce(reaction: AnyReaction): Promise<void> {
    return announceTypes(this.#parts.log, reaction.name, typesOf(queryOf(reaction)));
  }

  /** Its parts, for processes that share them: the slices of its keys, and the timers of a process manager. */
  #shared(reaction: AnyReaction, member: string): readonly LeasedWork[] {
    const { name } = reaction;
    const isInOneOrder = reaction.kind === 'reaction' && reaction.inOrderBy === undefined;
    const parts = (isInOneOrder ? [undefined] : slices).map((slice): LeasedWork => {
      const unit = slice === undefined ? `reaction:${name}` : `reaction:${name}/${slice.index}`;
      const start = (lease: HeldLease) => this.#startReactor(reaction, slice, { unit, member, lease });
      return { name: unit, group: `reaction:${name}`, start };
    });
    if (reaction.kind !== 'process-manager') return parts;
    const timers = `timers:${name}`;
    return [...parts, { name: timers, group: timers, start: () => this.#startTimers(reaction) }];
  }

  async #startReactor(
    reaction: AnyReaction,
    slice?: Slice,
    claimant?: { readonly unit: string; readonly member: string; readonly lease: HeldLease },
  ): Promise<() => Promise<void>> {
    const { application, log, scheduler, onFailure, decorate = unchanged } = this.#parts;
    const issueCommand = this.#issueFor(reaction.name);
    const work =
      reaction.kind === 'process-manager'
        ? new ProcessWork(reaction, application, log, issueCommand)
        : reactionWork(reaction, issueCommand, scheduler.clock);
    // Before it is read how far the work has got: then nobody else records that any more.
    const claim = claimant && (await claimWork(log, claimant.unit, claimant));
    const reactor = new Reactor(decorate(work), { log, scheduler, onFailure, slice, claim });
    const atWork = this.#atWork.get(reaction.name);
    atWork?.reactors.add(reactor);
    const stop = async () => {
      atWork?.reactors.delete(reactor);
      await reactor.close();
    };
    try {
      await reactor.start();
    } catch (error) {
      await stop();
      throw error;
    }
    reactor.wake(this.#head);
    return stop;
  }

  async #startTimers({ name }: AnyReaction): Promise<() => Promise<void>> {
    const { log, scheduler, onFailure } = this.#parts;
    const timers = new ProcessTimers(name, {
      log,
      scheduler,
      onError: (error) => onFailure({ reaction: name, error, event: undefined, outcome: 'retried' }),
    });
    const atWork = this.#atWork.get(name);
    if (atWork !== undefined) atWork.timers = timers;
    const stop = async () => {
      if (atWork?.timers === timers) atWork.timers = undefined;
      await timers.close();
    };
    try {
      await timers.start();
    } catch (error) {
      await stop();
      throw error;
    }
    timers.wake(this.#head);
    return stop;
  }

  /** Stops one: what it has begun is ended or done again when it is started again. @throws UnknownReactionError */
  async stop(name: string): Promise<void> {
    const { reactors, timers, leases } = this.#get(name);
    await Promise.all(leases.map((lease) => this.#parts.sharing?.keeper.remove(lease)));
    this.#atWork.delete(name);
    await timers?.close();
    await Promise.all([...reactors].map((reactor) => reactor.close()));
  }

  /** Says that the log has grown to `head`. */
  wake(head: number): void {
    if (head > this.#head) this.#head = head;
    for (const { reactors, timers } of this.#atWork.values()) {
      for (const reactor of reactors) reactor.wake(head);
      timers?.wake(head);
    }
  }

  /** Where each stands: by itself where all of it is done here, otherwise as the processes that share it last recorded. */
  states(): Promise<readonly ReactionState[]> {
    return Promise.all([...this.#atWork.values()].map((atWork) => this.#stateOf(atWork)));
  }

  /** Where those stand that are done here as a whole. */
  ownStates(): readonly ReactionState[] {
    return [...this.#atWork.values()].map(ownState).filter((state) => state !== undefined);
  }

  async #stateOf(atWork: AtWork): Promise<ReactionState> {
    const own = ownState(atWork);
    if (own !== undefined) return own;
    const recorded = await readProgress(this.#parts.log, atWork.reaction.name);
    const parked = [...(recorded?.parked.values() ?? [])];
    const position = recorded && (await reached(this.#parts.log, atWork.reaction, recorded.position));
    return { ...sharedState(atWork), position: position ?? 0, parked };
  }

  /** Lets a parked event be tried again, and then all that waits behind it. @throws UnknownReactionError, NotParkedError */
  async retry(reaction: string, position: number, by?: string): Promise<void> {
    for (const { key } of await this.#parkedAt(reaction, position)) {
      await this.#parts.log.append([eventRetried({ reaction, key, position }, by)]);
    }
  }

  /** Gives a parked event up, and lets all that waits behind it go on. @throws UnknownReactionError, NotParkedError */
  async skip(reaction: string, position: number, reason: string, by?: string): Promise<void> {
    for (const { key } of await this.#parkedAt(reaction, position)) {
      await this.#parts.log.append([eventSkipped({ reaction, key, position }, reason, by)]);
    }
  }

  /** The keys of the processes that last decided something, the latest first. @throws UnknownReactionError */
  async processKeys(name: string, limit = 100): Promise<readonly string[]> {
    return this.#processes(name).keys(Math.min(limit, maxListed));
  }

  /** One process: its state, its timers and its history. @throws UnknownReactionError, UnknownProcessError */
  async process(name: string, key: string): Promise<ProcessView> {
    return this.#processes(name).view(key);
  }

  /** Whether everything up to `head` that is to be done here is done or parked, and no timer is due. */
  isIdle(head: number): boolean {
    for (const { reactors, timers } of this.#atWork.values()) {
      if (timers?.isIdle === false) return false;
      for (const reactor of reactors) {
        const { position, open } = reactor.status();
        if (position < head || open > 0) return false;
      }
    }
    return true;
  }

  /** Resolves when each has done what it knew of at the time. */
  async whenDone(): Promise<void> {
    const reactors = [...this.#atWork.values()].flatMap((atWork) => [...atWork.reactors]);
    await Promise.all(reactors.map((reactor) => reactor.whenIdle()));
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
      'process-manager',
    );
  }

  async #parkedAt(reaction: string, position: number): Promise<readonly Parked[]> {
    const { parked } = await this.#stateOf(this.#get(reaction));
    return waitingAt(reaction, position, parked);
  }
}

/** Where a reaction stands of which all is done here; undefined where processes share it. */
function ownState(atWork: AtWork): ReactionState | undefined {
  const [reactor] = atWork.reactors;
  if (reactor === undefined || atWork.leases.length > 0) return undefined;
  return { ...sharedState(atWork), ...reactor.status() };
}

/** What is known here of a reaction wherever it is done. */
function sharedState({ reaction, reactors, timers }: AtWork): Omit<ReactionState, 'position' | 'parked'> {
  const { name, kind } = reaction;
  const events = reactionEvents(reaction).map(({ type }) => type);
  const open = [...reactors].reduce((sum, reactor) => sum + reactor.status().open, 0);
  return { name, kind, events, open, timers: timers?.waiting ?? 0 };
}
