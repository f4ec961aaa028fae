// Preloaded by vitest, and with it by every worker thread a test starts: lets threads load TypeScript sources on every Node.
// (tsx's own preload registers in the main thread only, and Node 20 does not hand that on to threads.)
import { isMainThread } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

// A thread that begins with JavaScript knows nothing else.
if (isMainThread || process.argv[1]?.endsWith('.ts')) register();
