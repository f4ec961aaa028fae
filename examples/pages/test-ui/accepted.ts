/**
 * Waits until a command that prepares a test is accepted.
 *
 * @throws Error when it is refused
 */
export async function accepted(result: Promise<{ rejected?: boolean; message?: string }>): Promise<void> {
  const { rejected, message } = await result;
  if (rejected) throw new Error(`The command was refused: ${message}`);
}
