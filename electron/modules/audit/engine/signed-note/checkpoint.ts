// Checkpoints (c2sp.org/tlog-checkpoint): origin, size, root, and maybe extension lines, as the text of a signed note.
import { fromBase64 } from '../merkle/base64.ts';

export interface Checkpoint {
  readonly origin: string;
  /** Leaves in the tree. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
  readonly extensions: readonly string[];
}

/** null where the text of a note is no checkpoint. */
export const parseCheckpoint = (text: Buffer): Checkpoint | null => {
  const [origin, sizeText, rootText, ...more] = text.toString('utf8').split('\n');
  // The text ends with a line feed, so the last piece is empty.
  if (origin === undefined || origin === '' || more.pop() !== '') return null;
  if (sizeText === undefined || !/^(?:0|[1-9]\d{0,15})$/u.test(sizeText)) return null;
  const size = Number(sizeText);
  const root = rootText === undefined ? null : fromBase64(rootText);
  if (!Number.isSafeInteger(size) || root?.length !== 32 || more.includes('')) return null;
  return { origin, size, root, extensions: more };
};
