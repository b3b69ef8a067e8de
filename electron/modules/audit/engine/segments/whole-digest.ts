// The SHA-256 of a whole file and of each of its segments in one reading; resumable, unlike that of node:crypto.
import { createHash } from 'node:crypto';
import { createSHA256 } from 'hash-wasm';
import { throwIfCancelled } from '../cancel.ts';
import type { SourceFile } from '../../../../ports/source.ts';
import { asBuffer } from '../lines/byte-queue.ts';
import type { Range } from './segment.ts';
import { textOf } from './segment.ts';

export interface WholeDigest {
  update(bytes: Uint8Array): void;
  /** What {@link resumableDigest} goes on from, base64; it holds up to 63 bytes of the file. null = can't be resumed. */
  state(): string | null;
  /** Lower-case hex; call once. */
  hex(): string;
}

/** The fast one. */
export const plainDigest = (): WholeDigest => {
  const digest = createHash('sha256');
  return { update: (bytes) => void digest.update(bytes), state: () => null, hex: () => digest.digest('hex') };
};

/** About a third as fast; `state`: where an earlier one stopped, null = from the beginning. */
export const resumableDigest = async (state: string | null): Promise<WholeDigest> => {
  const digest = await createSHA256();
  digest.init();
  if (state !== null) digest.load(Buffer.from(state, 'base64'));
  return {
    update: (bytes) => void digest.update(bytes),
    state: () => Buffer.from(digest.save()).toString('base64'),
    hex: () => digest.digest('hex'),
  };
};

/** SHA-256 of the whole lines of a range, each piece passed on to `whole`. @throws AppError('job.cancelled') */
export const digestOf = async (
  file: SourceFile,
  range: Range,
  whole: WholeDigest | null,
  signal: AbortSignal,
): Promise<string> => {
  const digest = createHash('sha256');
  for await (const chunk of textOf(file, range, () => undefined)) {
    throwIfCancelled(signal);
    digest.update(chunk);
    whole?.update(asBuffer(chunk));
  }
  return digest.digest('hex');
};
