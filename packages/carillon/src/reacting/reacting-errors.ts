import { CarillonError } from '../definitions/errors.js';

/** There is no reaction of that name, or it was stopped. */
export class UnknownReactionError extends CarillonError {
  readonly reaction: string;

  /** @param sought what was looked for among those that are known: reactions `at work`, those on `record`, process managers */
  constructor(
    reaction: string,
    known: readonly string[],
    sought: 'at-work' | 'on-record' | 'process-manager' = 'at-work',
  ) {
    const kind = sought === 'process-manager' ? 'process manager' : 'reaction';
    const where = sought === 'at-work' ? ' at work' : '';
    super('reaction-unknown', `There is no ${kind} ${reaction}${where}. There are: ${known.join(', ') || 'none'}.`);
    this.reaction = reaction;
  }
}

/** A reaction of that name is at work already. */
export class ReactionRunningError extends CarillonError {
  readonly reaction: string;

  constructor(reaction: string) {
    super(
      'reaction-running',
      `A reaction ${reaction} is at work already. Stop it first, or give this one another name.`,
    );
    this.reaction = reaction;
  }
}

/** There is no process of that key. */
export class UnknownProcessError extends CarillonError {
  readonly process: string;
  readonly key: string;

  constructor(process: string, key: string) {
    super(
      'process-unknown',
      `Process manager ${process} has no process ${key}: nothing that it looks at has happened under that key.`,
    );
    this.process = process;
    this.key = key;
  }
}

/** No event of that position is parked for that reaction, or somebody has decided already what becomes of it. */
export class NotParkedError extends CarillonError {
  readonly reaction: string;
  readonly position: number;

  /** @param decided what an operator has decided already; undefined when nothing is parked there */
  constructor(reaction: string, position: number, decided?: 'retried' | 'skipped') {
    super(
      'event-not-parked',
      decided === undefined
        ? `Reaction ${reaction} has no parked event at position ${position}. It may have been done since.`
        : `The event at position ${position} was ${decided} already: ${reaction} is going on with it, or will when it runs. ` +
            'What fails again is parked again; then it can be retried or skipped.',
    );
    this.reaction = reaction;
    this.position = position;
  }
}

/** The lease of a piece of work ran out before the work could be claimed: another process may do it by now. */
export class LeaseLostError extends CarillonError {
  readonly unit: string;

  constructor(unit: string) {
    super(
      'lease-lost',
      `The lease of ${unit} ran out before the work could be claimed: whoever has it next does the work. Should it happen often, see why ` +
        'the database answers late, or raise `leaseTtlMs`.',
    );
    this.unit = unit;
  }
}

/** One attempt took longer than it may. */
export class ReactionTimeoutError extends CarillonError {
  constructor(timeoutMs: number) {
    super(
      'reaction-timeout',
      `It took longer than ${timeoutMs} ms. Hand the signal to what is called, or raise \`timeoutMs\`.`,
    );
  }
}

/** The application is closing: what was begun is done again when it runs again. */
export class ReactionStoppedError extends CarillonError {
  constructor() {
    super('reaction-stopped', 'The reaction was stopped. What was begun is done again when it is started.');
  }
}

/** A command that a process issued was rejected, and the process manager does not say what follows. Trying again is no use. */
export class UnansweredRejectionError extends CarillonError {
  constructor(process: string, command: string, code: string, message: string) {
    super(
      'rejection-unanswered',
      `${command} was rejected with ${code} (${message}), and process manager ${process} has no .onRejected(${command}, …).`,
    );
  }
}

/** A reaction issued a command of another module. */
export class ForeignCommandError extends CarillonError {
  constructor(reaction: string, home: string, command: string, owner: string | undefined) {
    super(
      'command-foreign',
      owner === undefined
        ? `Reaction ${reaction} issued ${command}, which is no command of the application. Add it to module ${home}.`
        : `Reaction ${reaction} belongs to module ${home} and issued ${command}, which belongs to module ${owner}. Publish an event, and let ${owner} react to it.`,
    );
  }
}
