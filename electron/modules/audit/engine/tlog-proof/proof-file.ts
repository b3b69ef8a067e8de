// Reads c2sp.org/tlog-proof@v1: index, inclusion proof and checkpoint in one text file.
import { fromBase64 } from '../merkle/base64.ts';

export const MAGIC = 'c2sp.org/tlog-proof@v1';

export interface ProofFile {
  readonly index: number;
  readonly hashes: readonly Buffer[];
  /** The checkpoint as it stands in the file: a signed note. */
  readonly note: Buffer;
  /** Opaque, and covered by no signature. */
  readonly extra: Buffer | null;
}

export interface ProofFileProblem {
  readonly problem: string;
  readonly line: number;
}

/** A tree of 2^64 leaves has paths of 64 hashes. */
const MAX_HASHES = 64;

/** Never throws. */
export const parseProofFile = (bytes: Buffer): ProofFile | ProofFileProblem => {
  const end = bytes.indexOf('\n\n');
  if (end < 0) return { problem: 'there is no blank line before the checkpoint', line: 1 };
  const lines = bytes.subarray(0, end).toString('latin1').split('\n');
  if (lines[0] !== MAGIC) return { problem: `the first line is not ${MAGIC}`, line: 1 };
  let at = 1;
  let extra: Buffer | null = null;
  if (lines[at]?.startsWith('extra ') === true) {
    extra = fromBase64((lines[at] ?? '').slice('extra '.length));
    if (extra === null) return { problem: 'the extra data is not valid base64', line: at + 1 };
    at += 1;
  }
  const [, digits] = /^index (0|[1-9]\d{0,15})$/u.exec(lines[at] ?? '') ?? [];
  const index = Number(digits);
  if (digits === undefined || !Number.isSafeInteger(index))
    return { problem: 'the line after the first is no index', line: at + 1 };
  const hashes: Buffer[] = [];
  for (const [i, line] of lines.slice(at + 1).entries()) {
    const hash = fromBase64(line);
    if (hash?.length !== 32) return { problem: 'a line of the proof is no hash in base64', line: at + 2 + i };
    hashes.push(hash);
  }
  if (hashes.length > MAX_HASHES)
    return { problem: 'the proof is longer than that of any tree', line: at + 2 };
  return { index, hashes, note: bytes.subarray(end + 2), extra };
};
