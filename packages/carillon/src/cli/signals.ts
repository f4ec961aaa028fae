/**
 * Signals that come this soon after the first are the same request: Ctrl-C in a terminal reaches a process and its parent,
 * which hands it on. In milliseconds.
 */
const sameRequestMs = 500;

/** Waits for SIGINT or SIGTERM, then shuts down. A later signal ends the process at once. */
export async function shutDownOnSignals(shutDown: () => Promise<void>): Promise<void> {
  let firstAt: number | undefined;
  let begin: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const onSignal = () => {
    if (firstAt !== undefined && performance.now() - firstAt > sameRequestMs) process.exit(1);
    firstAt ??= performance.now();
    begin();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  await asked;
  await shutDown();
  // A signal that is the same request must not end the process while it ends by itself: the listeners stay.
}
