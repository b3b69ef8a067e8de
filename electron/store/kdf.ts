// Argon2id, always in a thread of its own: the window never waits, and its 128 MiB go away with the thread.
import { argon2id } from 'hash-wasm';
import { Worker } from 'node:worker_threads';
import { zero } from './derived-keys.ts';

/** Argon2id (RFC 9106) parameters; memory in KiB. */
export interface KdfParameters {
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** What a new passphrase slot gets: 128 MiB, three passes. */
export const DEFAULT_KDF: KdfParameters = { memoryKiB: 128 * 1024, iterations: 3, parallelism: 1 };

/** Below this a slot is refused: someone has weakened it. */
export const KDF_FLOOR: KdfParameters = { memoryKiB: 64 * 1024, iterations: 3, parallelism: 1 };

/** Above this a slot is refused: a hostile file must not take the machine's memory or hours of its time. */
export const KDF_CEILING: KdfParameters = { memoryKiB: 1024 * 1024, iterations: 8, parallelism: 8 };

/** The same for all slots of a file together, in KiB times passes: half a minute of an ordinary computer. */
export const KDF_TOTAL_CEILING = 16 * 1024 * 1024;

export interface KdfInput extends KdfParameters {
  readonly passphrase: Uint8Array;
  readonly salt: Uint8Array;
}

/** 32 bytes. */
export type Kdf = (input: KdfInput) => Promise<Uint8Array>;

/** Runs where it is called. */
export const argon2Kdf: Kdf = (input) =>
  argon2id({
    password: input.passphrase,
    salt: input.salt,
    iterations: input.iterations,
    parallelism: input.parallelism,
    memorySize: input.memoryKiB,
    hashLength: 32,
    outputType: 'binary',
  });

/** `entry` is the store host; see `serveKdf`. */
export const threadKdf =
  (entry: URL): Kdf =>
  async (input) => {
    const worker = new Worker(entry, {
      name: 'probity-kdf',
      execArgv: [],
      workerData: { role: 'kdf', input },
    });
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        worker.once('message', (key: Uint8Array) => resolve(key));
        worker.once('error', reject);
        worker.once('exit', () => reject(new Error('the key derivation thread ended early')));
      });
    } finally {
      await worker.terminate();
    }
  };

/** The thread's side: derives, answers, forgets. */
export const serveKdf = async (input: KdfInput, answer: (key: Uint8Array) => void): Promise<void> => {
  const key = await argon2Kdf(input);
  zero(input.passphrase);
  answer(key);
  zero(key);
};
