// The fork proof as a file: two signed checkpoints, the keys that signed them, and what shows that they conflict.
import type { ConsistencyProof } from '../merkle/proof-document.ts';
import { fromBase64 } from '../merkle/base64.ts';
import { isFields } from '../merkle/json-text.ts';
import type { JudgedNote } from './judge-note.ts';
import type { NoteKey } from './keys.ts';

export const FORK_TYPE = 'probity/fork-proof';

export interface ForkDocument {
  readonly notes: readonly [Buffer, Buffer];
  /** vkey lines and PEM blocks. */
  readonly keys: readonly string[];
  readonly tree: ConsistencyProof | null;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const HOW = [
  'Check that both notes are signed by the log (c2sp.org/signed-note), with its key from a place you trust.',
  'Both name the same origin (first line). Where their sizes (second line) are equal and their roots (third line) differ, the log is proved to have shown two histories.',
  'Where the sizes differ, check the consistency proof (RFC 9162 section 2.1.4.2) from root1 at size1 to the root of the larger checkpoint at size2: it holds, and root1 is not the root of the smaller checkpoint.',
];

/**
 * @param tree A consistency proof to the larger checkpoint from a root that is not the smaller one's; null for one size.
 * @returns JSON text that `fork-proof` verifies.
 */
export const writeForkProof = (
  small: JudgedNote,
  large: JudgedNote,
  keys: readonly NoteKey[],
  tree: ConsistencyProof | null,
): string => {
  const document = {
    type: FORK_TYPE,
    version: 1,
    origin: small.checkpoint?.origin ?? null,
    howToCheck: HOW,
    checkpoints: [small.raw.toString('utf8'), large.raw.toString('utf8')],
    keys: keys.map(({ text }) => text),
    consistency:
      tree === null
        ? null
        : {
            size1: tree.size1,
            size2: tree.size2,
            root1: base64(tree.root1),
            root2: base64(tree.root2),
            proof: tree.proof.map(base64),
          },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const readTree = (value: unknown): ConsistencyProof | null => {
  if (!isFields(value) || !isTexts(value.proof)) return null;
  const { size1, size2 } = value;
  const [root1, root2, ...proof] = [value.root1, value.root2, ...value.proof].map((text) =>
    typeof text === 'string' ? fromBase64(text) : null,
  );
  if (typeof size1 !== 'number' || typeof size2 !== 'number' || root1 === null || root2 === null) return null;
  if (root1 === undefined || root2 === undefined) return null;
  const hashes = proof.filter((hash) => hash !== null);
  return hashes.length === proof.length ? { size1, size2, root1, root2, proof: hashes } : null;
};

/** null where the JSON is no fork proof of this form. */
export const readForkDocument = (value: unknown): ForkDocument | null => {
  if (!isFields(value) || value.type !== FORK_TYPE || value.version !== 1) return null;
  const { checkpoints, keys, consistency } = value;
  if (!isTexts(checkpoints) || !isTexts(keys)) return null;
  const [first, second, ...more] = checkpoints;
  if (first === undefined || second === undefined || more.length > 0) return null;
  const tree = consistency === null ? null : readTree(consistency);
  if (consistency !== null && tree === null) return null;
  return { notes: [Buffer.from(first, 'utf8'), Buffer.from(second, 'utf8')], keys, tree };
};
