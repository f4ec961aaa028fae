/**
 * Classes of SQLSTATE that say something about the connection or the server, not about the statement; 25006 is what a standby says that
 * is going to be promoted.
 */
const serverStates = /^(08|57P0[1-5]|53300|25P03|25006)/;

/** Whether it is the connection that failed, or the server that ends or begins: the same can be tried again later. */
export function isConnectionError(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string') {
    if (/^[0-9A-Z]{5}$/.test(code)) return serverStates.test(code);
    return /^(E[A-Z]+|ERR_SOCKET)/.test(code);
  }
  return typeof message === 'string' && /connection|timeout|closed|terminated/i.test(message);
}
