/** A value that survives a round trip through JSON unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** An object of JSON values. A property that is `undefined` is left out. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** What is shown in a compile error when a type would not survive JSON. */
export interface NotJson<Reason extends string> {
  readonly 'this type does not survive JSON': Reason;
}

/** `T` itself where it survives a round trip through JSON; where it does not, a type that nothing fits. */
export type AsJson<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends bigint
      ? NotJson<'a bigint has no JSON form: use a string'>
      : T extends Date
        ? NotJson<'a Date comes back as a string: use an ISO string'>
        : T extends symbol
          ? NotJson<'a symbol has no JSON form'>
          : T extends (...args: never[]) => unknown
            ? NotJson<'a function has no JSON form'>
            : T extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
              ? NotJson<'a Map or Set comes back empty: use an object or an array'>
              : T extends object
                ? { [K in keyof T]: AsJson<T[K]> }
                : T;
