// Job hosts as worker threads: what tests and the plain-Node CLI use.
import { Worker } from 'node:worker_threads';
import type { SpawnHostProcess } from './host-process.ts';

/** An uncaught error in the thread counts as a crash: `onExit` gets 1, as Node reports it. */
export const spawnThreadHost: SpawnHostProcess = (entry, name) => {
  const worker = new Worker(entry, { name, stdin: false, execArgv: [] });
  // Without a listener an error in the thread would be thrown in the parent; 'exit' follows and tells the owner.
  worker.on('error', () => {});
  return {
    post: (message, transfer) => worker.postMessage(message, transfer === undefined ? [] : [...transfer]),
    onMessage: (listener) => void worker.on('message', listener),
    onExit: (listener) => void worker.once('exit', listener),
    kill: () => void worker.terminate(),
  };
};
