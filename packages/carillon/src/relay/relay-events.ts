import type { NewEvent } from '../definitions/event.js';

/** What relays and inboxes record in the log about themselves. Their types hold a colon, which no event of an application can have. */
export interface RelayEvents {
  /** Everything that a module published up to a position was sent. Recorded now and then: relays look at what is kept first. */
  readonly 'carillon:relay-advanced': { readonly module: string; readonly position: number };
  /** What another service published is in this log, up to a position of that service's log. */
  readonly 'carillon:inbox-advanced': InboxAdvanced;
}

/** How far an inbox has got. */
export interface InboxAdvanced {
  /** The module whose events these are. */
  readonly module: string;
  /** Its events are in this log up to this position of its own log: those of `types`, but for what `behind` says. */
  readonly position: number;
  readonly types: readonly string[];
  /** Up to where events are in this log whose types were not consumed, or not known to their sender, for a while or never before. */
  readonly behind: { readonly [type: string]: number };
}

/** Makes one of them. */
export function relayEvent<Type extends keyof RelayEvents>(type: Type, data: RelayEvents[Type]): NewEvent {
  const tag = type === 'carillon:relay-advanced' ? relayTag(data.module) : inboxTag(data.module);
  return { type, version: 1, data, tags: [tag] };
}

/** How far the relay of a module has got. */
export function relayTag(module: string): string {
  return `carillon.relay:${module}`;
}

/** What came in from a module: on the events themselves, which thereby record how far the inbox has got. */
export function inboxTag(module: string): string {
  return `carillon.inbox:${module}`;
}
