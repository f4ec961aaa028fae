/**
 * The root of every error that Carillon throws on purpose.
 *
 * `code` is stable and meant for programs; `message` is meant for people and says what to do next.
 * Subclasses add readonly fields with the facts. HTTP statuses are not known here: `http` maps codes to them.
 */
export class CarillonError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A definition is wrong: thrown while the application is being put together, never while it runs. */
export class DefinitionError extends CarillonError {
  constructor(message: string) {
    super('definition-invalid', message);
  }
}

/** One field that does not fit its schema. */
export interface Issue {
  /** Where, as a JSON Pointer (RFC 6901) into the data: `/lines/0/quantity`; empty for the whole value. */
  readonly path: string;
  /** What is wrong with it, in the schema library's words. */
  readonly message: string;
}

/** Data does not fit its schema. Every wrong field is named in `issues`. */
export class ValidationError extends CarillonError {
  readonly issues: readonly Issue[];

  constructor(subject: string, issues: readonly Issue[]) {
    const fields = issues.map((issue) => `${issue.path === '' ? '(the whole value)' : issue.path}: ${issue.message}`);
    super('validation-failed', `${subject} does not fit its schema:\n  ${fields.join('\n  ')}`);
    this.issues = issues;
  }
}
