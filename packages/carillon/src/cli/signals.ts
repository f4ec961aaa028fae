/** Waits for SIGINT or SIGTERM, then shuts down. A second signal ends the process at once. */
export async function shutDownOnSignals(shutDown: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    const first = () => {
      process.off('SIGINT', first).off('SIGTERM', first);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
      resolve();
    };
    process.on('SIGINT', first).on('SIGTERM', first);
  });
  await shutDown();
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
}
