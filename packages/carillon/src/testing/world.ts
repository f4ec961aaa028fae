import type { Actor } from '../definitions/actor.js';
import type { Application } from '../definitions/application.js';
import type { CommandRequest } from '../definitions/command.js';
import { type NewEvent, type RecordedEvent, UnknownEventError } from '../definitions/event.js';
import type { CommandResult } from '../definitions/receipt.js';
import { allEvents } from '../log/log-query.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { ScenarioError } from './failure.js';
import type { TestClock } from './test-clock.js';

/** An application in the middle of a scenario. */
export interface World {
  readonly running: RunningApplication;
  readonly clock: TestClock;
  actor: Actor | undefined;
  /** What the last command came to. */
  last: Executed | undefined;
}

/** A command that was executed. */
interface Executed {
  readonly request: CommandRequest;
  readonly result: CommandResult | { readonly thrown: unknown };
  /** Where the log stood before it. */
  readonly before: number;
  /** Where the log stood after it. */
  readonly after: number;
}

/** One thing that happens in a scenario. */
export type Step = (world: World) => Promise<void> | void;

/** Lets events happen that no command made. @throws UnknownEventError when the application does not know one */
export function happened(application: Application<any, any>, events: readonly NewEvent[]): Step {
  for (const event of events) {
    const isImported = [...application.imports.values()].some((types) => types.has(event.type));
    if (!isImported && !application.events.has(event.type)) throw new UnknownEventError(event.type, 'The scenario');
  }
  return async (world) => {
    checkAccepted(world);
    if (events.length > 0) await world.running.log.append(events);
  };
}

/** The last command as a failure names it. */
export function named(world: World): string {
  return `Command ${world.last?.request.command.type ?? '(none)'}`;
}

/** The events that the last command appended. */
export async function appendedBy({ running, last }: World): Promise<readonly RecordedEvent[]> {
  if (last === undefined) return [];
  const since = await running.log.read(allEvents, { after: last.before });
  return since.filter((event) => event.position <= last.after);
}

/** What the last command threw instead of coming to a result. */
export function thrownBy(world: World): unknown {
  if (world.last === undefined) throw new ScenarioError('No command was executed: add .when(…).');
  return 'thrown' in world.last.result ? world.last.result.thrown : undefined;
}

/** What the last command came to. Throws what it threw. */
export function resultOf(world: World): CommandResult {
  if (world.last === undefined) throw new ScenarioError('No command was executed: add .when(…).');
  const { result } = world.last;
  if ('thrown' in result) throw result.thrown;
  return result;
}

/** The last command, if any, must have been accepted. */
export function checkAccepted(world: World): void {
  if (world.last === undefined) return;
  const result = resultOf(world);
  if (result.rejected !== true) return;
  const details = result.details === undefined ? '' : ` ${JSON.stringify(result.details)}`;
  throw new ScenarioError(`${named(world)} was rejected with ${result.code}${details}: ${result.message}`);
}
