import type { StandardSchemaV1 } from '@standard-schema/spec';
import { CarillonError, DefinitionError, type Issue, ValidationError } from './errors.js';

/** A schema of any library that implements Standard Schema (https://standardschema.dev): zod, valibot, arktype, … */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>;

/** What goes into a schema: the type a caller writes. */
export type Input<S extends Schema> = StandardSchemaV1.InferInput<S>;

/** What comes out of a schema: the type a handler sees. */
export type Output<S extends Schema> = StandardSchemaV1.InferOutput<S>;

/** The result of a validation: a value, or every wrong field. */
export type Validated<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly value?: undefined; readonly issues: readonly Issue[] };

/** @throws DefinitionError when `schema` is none: forgotten, or of a library older than Standard Schema */
export function checkSchema(subject: string, schema: Schema): void {
  if (typeof (schema as Partial<Schema> | undefined)?.['~standard']?.validate === 'function') return;
  throw new DefinitionError(
    `${subject} is no schema. Use a library that implements Standard Schema: zod from 3.24, valibot from 1.0, arktype from 2.0, …`,
  );
}

/**
 * Validates `value`. Returns synchronously unless the schema itself is asynchronous.
 */
export function validate<S extends Schema>(
  schema: S,
  value: unknown,
): Validated<Output<S>> | Promise<Validated<Output<S>>> {
  const result = schema['~standard'].validate(value);
  return result instanceof Promise ? result.then(toValidated<S>) : toValidated<S>(result);
}

/**
 * Validates `value` or throws.
 *
 * @throws ValidationError naming every wrong field
 * @throws CarillonError `schema-asynchronous` when the schema can only be checked asynchronously
 */
export function validateSync<S extends Schema>(schema: S, value: unknown, subject: string): Output<S> {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) {
    throw new CarillonError(
      'schema-asynchronous',
      `The schema of ${subject} is asynchronous. Facts are checked where they are made: use a schema without async checks.`,
    );
  }
  if (result.issues !== undefined) throw new ValidationError(subject, result.issues.map(toIssue));
  return result.value as Output<S>;
}

function toValidated<S extends Schema>(result: StandardSchemaV1.Result<unknown>): Validated<Output<S>> {
  if (result.issues === undefined) return { value: result.value as Output<S> };
  return { issues: result.issues.map(toIssue) };
}

function toIssue(issue: StandardSchemaV1.Issue): Issue {
  const segments = issue.path ?? [];
  const path = segments.map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  });
  return { path: path.join(''), message: issue.message };
}
