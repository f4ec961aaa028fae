import type { IdleReason } from '../runtime/idle.js';

/** Why nobody works on a read model, and what to do about it: whole sentences. */
export function idleText({ name, version }: { name: string; version: number }, reason: IdleReason): string {
  switch (reason) {
    case 'tables-differ':
      return (
        `The tables differ from those that version ${version} was built with, so that no process starts with it. ` +
        `Raise its version to ${version + 1}, or rebuild it.`
      );
    case 'not-running':
      return 'The application does not run. Start it: then it goes on.';
    case 'other-version':
      return `The application that runs does not have version ${version} of ${name}. Start it again with this module.`;
    case 'no-worker':
      return `No process of the role work runs. Start one that has version ${version} of ${name}: then it goes on.`;
    case 'not-taken':
      return `No process of the role work has taken version ${version} of ${name}. Start one that has it: then it goes on.`;
  }
}
