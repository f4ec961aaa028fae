import { CarillonError } from '../definitions/errors.js';

/** There is no reaction of that name, or it was stopped. */
export class UnknownReactionError extends CarillonError {
  readonly reaction: string;

  constructor(reaction: string, known: readonly string[]) {
    super('reaction-unknown', `There is no reaction ${reaction} at work. There are: ${known.join(', ') || 'none'}.`);
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

/** No event of that position is parked for that reaction. */
export class NotParkedError extends CarillonError {
  readonly reaction: string;
  readonly position: number;

  constructor(reaction: string, position: number) {
    super(
      'event-not-parked',
      `Reaction ${reaction} has no parked event at position ${position}. It may have been retried or skipped already.`,
    );
    this.reaction = reaction;
    this.position = position;
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
