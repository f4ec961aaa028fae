/**
 * Works on items, many at a time: commands that are sent together are written together. The first failure ends it, when
 * what was begun has come to its end.
 */
export async function inParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const source = iterate(items);
  let failure: { readonly error: unknown } | undefined;
  const worker = async () => {
    while (failure === undefined) {
      const { done, value } = await source.next();
      if (done === true) return;
      await work(value);
    }
  };
  await Promise.all(
    Array.from({ length: atOnce }, () =>
      worker().catch((error: unknown) => {
        failure ??= { error };
      }),
    ),
  );
  await source.return();
  if (failure !== undefined) throw failure.error;
}

async function* iterate<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  yield* items;
}
