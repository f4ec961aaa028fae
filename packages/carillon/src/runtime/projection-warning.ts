import { CarillonError } from '../definitions/errors.js';
import type { Stop } from '../projecting/projected-model.js';
import type { Progress } from '../projecting/projector.js';

/** A warning of the process, as `process.emitWarning` takes it. */
export interface Warning {
  readonly text: string;
  readonly code: string;
  /** The stack of what caused it. */
  readonly detail?: string;
}

/** Says it to whoever runs the process. */
export function emitWarning({ text, ...options }: Warning): void {
  process.emitWarning(text, options);
}

/** What hears how a projector gets on. */
interface ProjectionListener {
  readonly onStopped: (stop: Stop) => void;
  readonly onError: (error: unknown, readModel: string) => void;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Tells whoever runs the process when a read model has stopped because its handler failed; and when one waits because log or database
 * failed: once, however often it is tried, and once more when it goes on.
 */
export function projectionWarnings(
  onProgress: (progress: Progress) => void,
  say: (warning: Warning) => void = emitWarning,
): ProjectionListener {
  const waiting = new Set<string>();
  return {
    onStopped({ readModel, event, error, isBeside }) {
      const what = isBeside ? `The rebuild of read model ${readModel}` : `Read model ${readModel}`;
      const until = isBeside
        ? 'The tables from before go on answering. Mend the handler, and rebuild it again.'
        : 'Queries are answered as of the event before. Mend the handler, restart, and see `carillon read-models`.';
      say({
        text: `${what} stopped at ${event.type} (position ${event.position}): ${messageOf(error)}\n${until}`,
        code: 'CARILLON_READ_MODEL_FAILED',
        // Where an error of Carillon's own comes from says nothing about the handler.
        ...(error instanceof Error && !(error instanceof CarillonError) && error.stack !== undefined
          ? { detail: error.stack }
          : {}),
      });
    },
    onError(error, readModel) {
      if (waiting.has(readModel)) return;
      waiting.add(readModel);
      const text = `Read model ${readModel} waits, and tries again by itself: ${messageOf(error)}`;
      say({ text, code: 'CARILLON_READ_MODEL_WAITS' });
    },
    onProgress(progress) {
      if (waiting.delete(progress.readModel)) {
        say({ text: `Read model ${progress.readModel} goes on again.`, code: 'CARILLON_READ_MODEL_WAITS' });
      }
      onProgress(progress);
    },
  };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // That of several addresses that were tried has no message of its own.
  return error.message === '' ? String((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
}
