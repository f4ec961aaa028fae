/** What is left of a `T` that went through JSON: dates are texts, functions and symbols are gone. */
export type Jsonified<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends { toJSON(): infer Written }
      ? Jsonified<Written>
      : T extends bigint | symbol | ((...args: never[]) => unknown)
        ? never
        : { [Key in keyof T]: Jsonified<T[Key]> };
