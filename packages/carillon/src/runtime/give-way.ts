import { getPriority, setPriority } from 'node:os';

/** So much nicer than the process a thread still gets a quarter of a processor that another one wants, too. */
const nicer = 5;

/**
 * Lets the calling thread give way to the others of its process, and to other processes, where all want the same processor. On Linux, where
 * a thread has a priority of its own; elsewhere it would be the whole process that gives way, and nothing is done.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, Math.min(19, getPriority(0) + nicer));
  } catch {
    // Not allowed here: it is a kindness, and nothing depends on it.
  }
}
