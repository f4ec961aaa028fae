import type { Logger } from '../http/logger.js';

/** A warning of the process, as listeners get it. */
type Warning = Error & { readonly code?: string; readonly detail?: string };

/** Makes log lines of Carillon's warnings, so that whoever collects lines has all of them in one form. What Node says of others stays. */
export function logWarnings(logger: Logger): void {
  const others = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning: Warning) => {
    const { code, detail, message } = warning;
    if (code?.startsWith('CARILLON_') !== true) for (const other of others) other.call(process, warning);
    else logger.warn(detail === undefined ? { code } : { code, detail }, message);
  });
}
