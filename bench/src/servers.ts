import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own: the bank, and an echo on the same framework. */
export interface MeasuredServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it on a folder. */
export async function startServer(folder: string): Promise<MeasuredServer> {
  const child: ChildProcess = fork(fileURLToPath(new URL('./server-process.js', import.meta.url)), [folder]);
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Readers in a process of their own. */
export interface Readers {
  stop(): Promise<void>;
}

/** Starts them. Resolves when they have got their first answer. */
export async function startReaders(url: string): Promise<Readers> {
  const child = fork(fileURLToPath(new URL('./readers-process.js', import.meta.url)), [url]);
  await once(child, 'message');
  return {
    async stop() {
      const ended = once(child, 'exit');
      child.send('stop');
      await ended;
    },
  };
}
