/** A terminal and npm may both hand on the same Ctrl+C: what comes this soon after the first is no second one. */
const sameSignalMs = 500;

/** Aborts at the first SIGINT or SIGTERM, to shut down in order. A second one ends the process at once. */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      console.error('Shutting down. Once more to end at once.');
      controller.abort();
    } else if (performance.now() - firstAt > sameSignalMs) {
      process.exit(130);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}
