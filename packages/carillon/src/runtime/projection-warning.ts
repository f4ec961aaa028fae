/** Tells whoever runs the process that a read model waits because log or database failed: no handler did. */
export function warnOfProjection(error: unknown, readModel: string): void {
  const message = error instanceof Error ? error.message : String(error);
  process.emitWarning(`Read model ${readModel} waits, and tries again by itself: ${message}`, {
    code: 'CARILLON_READ_MODEL_WAITS',
  });
}
