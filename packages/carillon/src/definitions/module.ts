import type { CommandDefinition } from './command.js';
import type { EventDefinition } from './event.js';
import { checkName } from './name.js';
import type { ProcessManagerDefinition } from './process-manager.js';
import type { QueryDefinition } from './query.js';
import type { ReactionDefinition } from './reaction.js';
import type { ReadModelDefinition } from './read-model.js';

/** What a module does when events happen: reactions, and process managers, which are reactions with state and timers. */
export type AnyReaction = ReactionDefinition<string, any> | ProcessManagerDefinition;

/** What a module consists of. */
export interface ModuleOptions<Commands extends CommandDefinition, Queries extends QueryDefinition> {
  readonly description?: string;
  /** The events that other modules may know. */
  readonly publishes?: readonly EventDefinition[];
  /** The events that stay inside. */
  readonly events?: readonly EventDefinition[];
  readonly commands?: readonly Commands[];
  readonly readModels?: readonly ReadModelDefinition<string, any>[];
  readonly queries?: readonly Queries[];
  /** Reactions and process managers. */
  readonly reactions?: readonly AnyReaction[];
}

/** A bounded part of an application. Modules know each other's published events and nothing else. */
export interface ModuleDefinition<
  Commands extends CommandDefinition = CommandDefinition,
  Queries extends QueryDefinition = QueryDefinition,
> {
  readonly kind: 'module';
  readonly name: string;
  readonly description: string | undefined;
  readonly publishes: readonly EventDefinition[];
  readonly events: readonly EventDefinition[];
  readonly commands: readonly Commands[];
  readonly readModels: readonly ReadModelDefinition<string, any>[];
  readonly queries: readonly Queries[];
  readonly reactions: readonly AnyReaction[];
}

/**
 * Defines a module.
 *
 * ```ts
 * export const circulation = module('circulation', {
 *   publishes: [CopyBorrowed, CopyReturned],
 *   commands: [BorrowCopy, ReturnCopy],
 * });
 * ```
 *
 * @throws DefinitionError when the name is unusable
 */
export function module<Commands extends CommandDefinition = never, Queries extends QueryDefinition = never>(
  name: string,
  options: ModuleOptions<Commands, Queries>,
): ModuleDefinition<Commands, Queries> {
  checkName('a module', name);
  return Object.freeze({
    kind: 'module' as const,
    name,
    description: options.description,
    publishes: options.publishes ?? [],
    events: options.events ?? [],
    commands: options.commands ?? [],
    readModels: options.readModels ?? [],
    queries: options.queries ?? [],
    reactions: options.reactions ?? [],
  });
}
