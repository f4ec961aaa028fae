import { createHash } from 'node:crypto';
import type { NewEvent, RecordedEvent } from '../definitions/event.js';
import { maxTagLength } from '../definitions/tag.js';

/**
 * What reactions and processes record in the log about themselves. Their types hold a colon, which no event of an
 * application can have.
 */
export interface WorkEvents {
  /** A reaction was started for the first time: it gets the events after this position. */
  readonly 'carillon:reaction-started': RecordedReach & { readonly reaction: string };
  /** A version of a reaction is there that is about more types than those before, or is the first one: their events count from here on. */
  readonly 'carillon:reaction-extended': { readonly reaction: string; readonly types: readonly string[] };
  /** Everything up to a position is done, or parked: all of it, or that of one slice. */
  readonly 'carillon:reaction-advanced': RecordedReach & { readonly reaction: string; readonly slice?: number };
  /** A process does a piece of work from now on: those that did it before record nothing about it any more. */
  readonly 'carillon:work-claimed': { readonly unit: string; readonly member: string; readonly token: number };
  /** An event could not be done: its key waits. */
  readonly 'carillon:event-parked': ParkedAt & {
    readonly eventType: string;
    readonly message: string;
    readonly attempts: number;
  };
  /** An operator wants a parked event to be tried again. */
  readonly 'carillon:event-retried': ParkedAt & { readonly by?: string };
  /** An operator gave a parked event up. */
  readonly 'carillon:event-skipped': ParkedAt & { readonly reason: string; readonly by?: string };
  /** All that had waited behind a parked event is done. */
  readonly 'carillon:key-resumed': ParkedAt;
  /** What a process decided when it looked at the event at `trigger`. */
  readonly 'carillon:process-advanced': ProcessAdvanced;
  /** A timer of a process fired. */
  readonly 'carillon:timer-fired': {
    readonly process: string;
    readonly key: string;
    readonly timer: string;
    readonly timerId: string;
    readonly dueAt: string;
  };
  /** The timers of a process manager that wait, as of a position: so that a start need not read everything before it. In parts. */
  readonly 'carillon:timers-noted': TimersNoted;
  /** A command that a process issued was rejected. */
  readonly 'carillon:command-rejected': CommandRejected;
}

/** How far a reaction has got. */
export interface RecordedReach {
  readonly position: number;
  /** The types that it is about, in the version that recorded it. */
  readonly types?: readonly string[];
  /** Up to where it has got with types that were passed over by versions which are not about them. */
  readonly behind?: { readonly [type: string]: number };
}

/** A parked event: of which reaction, for which key, where in the log. */
export interface ParkedAt {
  readonly reaction: string;
  readonly key: string;
  readonly position: number;
}

/** What a process decided. */
export interface ProcessAdvanced {
  readonly process: string;
  readonly key: string;
  /** The position of the event that it looked at. */
  readonly trigger: number;
  readonly commands: readonly { readonly commandId: string; readonly command: string; readonly data: unknown }[];
  readonly timersSet: readonly { readonly timer: string; readonly timerId: string; readonly dueAt: string }[];
  /** The ids of timers that wait no longer. */
  readonly timersCancelled: readonly string[];
  readonly ended: boolean;
}

/** A part of the timers that wait. All parts were appended at once. */
export interface TimersNoted {
  readonly process: string;
  readonly through: number;
  readonly parts: number;
  readonly timers: readonly {
    readonly timerId: string;
    readonly key: string;
    readonly timer: string;
    readonly dueAt: string;
  }[];
}

/** A command that a process issued was rejected. */
export interface CommandRejected {
  readonly process: string;
  readonly key: string;
  readonly commandId: string;
  readonly command: string;
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
}

export type WorkEventType = keyof WorkEvents;

/** Makes one of them. */
export function workEvent<Type extends WorkEventType>(
  type: Type,
  data: WorkEvents[Type],
  tags: readonly string[],
): NewEvent<Type, WorkEvents[Type]> {
  return { type, version: 1, data, tags };
}

/** An operator lets a parked event be tried again. */
export function eventRetried(parked: ParkedAt, by: string | undefined): NewEvent {
  const data = { ...parked, ...(by === undefined ? {} : { by }) };
  return workEvent('carillon:event-retried', data, [reactionTag(parked.reaction)]);
}

/** An operator gives a parked event up. */
export function eventSkipped(parked: ParkedAt, reason: string, by: string | undefined): NewEvent {
  const data = { ...parked, reason, ...(by === undefined ? {} : { by }) };
  return workEvent('carillon:event-skipped', data, [reactionTag(parked.reaction)]);
}

/** The data of a recorded event, when it is one of that type. */
export function workData<Type extends WorkEventType>(event: RecordedEvent, type: Type): WorkEvents[Type] | undefined {
  return event.type === type ? (event.data as WorkEvents[Type]) : undefined;
}

/** What is recorded about one reaction or process manager. */
export function reactionTag(reaction: string): string {
  return `carillon.reaction:${reaction}`;
}

/** How far one slice of a reaction has got. */
export function sliceTag(reaction: string, slice: number): string {
  return `carillon.slice:${reaction}/${slice}`;
}

/** Who does a piece of work that processes share. */
export function unitTag(unit: string): string {
  return `carillon.unit:${unit}`;
}

/** What is recorded about the processes of one process manager. */
export function processesTag(process: string): string {
  return `carillon.processes:${process}`;
}

/** What is recorded about one process. */
export function processTag(process: string, key: string): string {
  return fitting(`carillon.process:${process}/`, key);
}

/** What a process decided about one event. */
export function stepTag(process: string, key: string, trigger: number): string {
  return fitting(`carillon.step:${process}/${trigger}/`, key);
}

/** The end of a timer: it fired, or was taken back. */
export function timerTag(timerId: string): string {
  return `carillon.timer:${timerId}`;
}

/** The rejection of one command. */
export function rejectionTag(commandId: string): string {
  return `carillon.rejection:${commandId}`;
}

/** An id of at most 200 characters that is the same for the same parts: readable where they are short. */
export function derivedId(...parts: readonly (string | number)[]): string {
  const readable = parts.join(':');
  return readable.length <= 200 ? readable : createHash('sha256').update(readable).digest('base64url');
}

/** A tag that holds a key, or what stands for it when the key is too long. */
function fitting(prefix: string, key: string): string {
  if (prefix.length + key.length <= maxTagLength) return prefix + key;
  return prefix + createHash('sha256').update(key).digest('base64url');
}
