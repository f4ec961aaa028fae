/** How a column is kept: SQLite and PostgreSQL each have their own type for it. */
export type ColumnKind = 'text' | 'integer' | 'real' | 'boolean' | 'json';

/** A column of a read model's table, holding values of type `Value`. */
export interface Column<Value = any, Optional extends boolean = boolean> {
  readonly kind: ColumnKind;
  readonly isNullable: boolean;
  /** What an insert gets that leaves the column out; `undefined` when it may not be left out. */
  readonly defaultValue: Value | undefined;
  /** Allows `null`, which is also the default. */
  nullable(): Column<Value | null, true>;
  /** Lets an insert leave the column out. */
  default(value: Value): Column<Value, true>;
  /** Only for the compiler. */
  readonly '~optional'?: Optional;
}

/** A text of any length. `text<'in' | 'out'>()` narrows its type. */
export const text = <Value extends string = string>(): Column<NoInfer<Value>, false> => column('text');

/** A whole number between -(2^53 - 1) and 2^53 - 1. */
export const integer = (): Column<number, false> => column('integer');

/** A 64-bit floating point number. */
export const real = (): Column<number, false> => column('real');

/** `true` or `false`. */
export const boolean = (): Column<boolean, false> => column('boolean');

/** Any value that survives JSON; `json<string[]>()` says which. */
export const json = <Value = unknown>(): Column<NoInfer<Value>, false> => column('json');

function column<Value, Optional extends boolean>(
  kind: ColumnKind,
  isNullable = false,
  defaultValue?: Value,
): Column<Value, Optional> {
  return Object.freeze({
    kind,
    isNullable,
    defaultValue,
    nullable: () => column<Value | null, true>(kind, true, defaultValue ?? null),
    default: (value: Value) => column<Value, true>(kind, isNullable, value),
  });
}
