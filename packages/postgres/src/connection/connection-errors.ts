/** What SQLSTATEs look like. Codes of Node may have five letters, too: EPIPE, EPERM. */
const sqlStates = /^(?!E[A-Z]{4})[0-9A-Z]{5}$/;

/**
 * Classes of SQLSTATE that say something about the connection or the server, not about the statement; 25006 is what a standby says that
 * is going to be promoted, and 25P03 and 25P04 what ends a connection whose transaction was silent or took too long.
 */
const serverStates = /^(08|57P0[1-5]|53300|25P0[34]|25006)/;

/** SQLSTATE of an error, https://www.postgresql.org/docs/current/errcodes-appendix.html; '' when it has none. */
export function sqlState(error: unknown): string {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  return sqlStates.test(code) ? code : '';
}

/** Whether it is the connection that failed, or the server that ends or begins: the same can be tried again later. */
export function isConnectionError(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string') return sqlStates.test(code) ? serverStates.test(code) : /^E[A-Z]+/.test(code);
  return typeof message === 'string' && /connection|timeout|closed|terminated/i.test(message);
}
