// Two heads of one log: the same, consistent, or a fork with a proof of it that anyone can check.
import type { ConsistencyProof } from '../merkle/proof-document.ts';
import { hex, sha256 } from '../merkle/sha256.ts';
import { verifyConsistency } from '../../../../../shared/chain/merkle-verify.ts';
import { isCosignature } from './check-note.ts';
import type { Checkpoint } from './checkpoint.ts';
import { writeForkProof } from './fork-document.ts';
import { judgeNote } from './judge-note.ts';
import type { JudgedNote } from './judge-note.ts';
import type { NoteKey } from './keys.ts';

export interface Comparison {
  /**
   * same = one size and root; consistent = the larger tree begins with the smaller, proved; fork = both are signed by the
   * log and can't both be true; unproven = nothing at hand says whether they agree; unrelated = not two heads of one log;
   * unsigned = a head is not vouched for by a known key of the log, so it says nothing about it.
   */
  readonly outcome: 'same' | 'consistent' | 'fork' | 'unproven' | 'unrelated' | 'unsigned';
  /** In plain words. */
  readonly message: string;
  /** For a fork: the self-contained proof, JSON text. */
  readonly forkProof?: string;
}

type Head = JudgedNote & { readonly checkpoint: Checkpoint };

const isHead = (judged: JudgedNote): judged is Head => judged.checkpoint !== null;

const words = ({ checkpoint: { size, root } }: Head): string => `size ${size} with root ${hex(root)}`;

/** The keys that a fork proof carries: those of the log that signed both. */
export const signersOf = (heads: readonly JudgedNote[]): readonly NoteKey[] => {
  const keys = heads.flatMap(({ checks }) =>
    checks.flatMap((check) =>
      check.state === 'valid' && check.key !== null && !isCosignature(check) ? [check.key] : [],
    ),
  );
  return [...new Map(keys.map((key) => [key.text, key])).values()];
};

/**
 * Compares two judged notes.
 * @param proofs Consistency proofs at hand; one for the two sizes decides.
 */
export const compareHeads = (
  a: JudgedNote,
  b: JudgedNote,
  proofs: readonly ConsistencyProof[] = [],
): Comparison => {
  if (!isHead(a) || !isHead(b))
    return { outcome: 'unrelated', message: 'One of the two is no checkpoint of a log.' };
  if (a.checkpoint.origin !== b.checkpoint.origin) {
    const message = `They are checkpoints of different logs: ${a.checkpoint.origin} and ${b.checkpoint.origin}.`;
    return { outcome: 'unrelated', message };
  }
  if (!a.isSigned || !b.isSigned) {
    const { path } = a.isSigned ? b : a;
    return { outcome: 'unsigned', message: `No known key of the log vouches for ${path}.` };
  }
  const [small, large] = a.checkpoint.size <= b.checkpoint.size ? [a, b] : [b, a];
  const [size1, size2] = [small.checkpoint.size, large.checkpoint.size];
  const [root1, root2] = [small.checkpoint.root, large.checkpoint.root];
  const forked = (how: string, tree: ConsistencyProof | null): Comparison => ({
    outcome: 'fork',
    message: `The log signed two histories that can not both be true: ${words(small)}, and ${words(large)}. ${how}`,
    forkProof: writeForkProof(small, large, signersOf([small, large]), tree),
  });
  if (size1 === size2) {
    if (root1.equals(root2)) return { outcome: 'same', message: `Both say ${words(small)}.` };
    return forked('One size has only one root.', null);
  }
  // The empty tree is the beginning of every tree.
  if (size1 === 0) return { outcome: 'consistent', message: 'The smaller tree is empty.' };
  for (const proof of proofs) {
    if (proof.size1 !== size1 || proof.size2 !== size2) continue;
    if (!verifyConsistency(sha256, size1, size2, proof.proof, proof.root1, root2)) continue;
    if (Buffer.from(proof.root1).equals(root1)) {
      const message = `A consistency proof shows that the tree of ${size2} entries begins with that of ${size1}.`;
      return { outcome: 'consistent', message };
    }
    const how = `A consistency proof shows that the tree of ${size2} entries begins with ${size1} entries whose root is ${hex(proof.root1)}.`;
    return forked(how, proof);
  }
  const message = `Whether the tree of ${size2} entries begins with that of ${size1} can not be told without a consistency proof between the two, or the log’s tiles.`;
  return { outcome: 'unproven', message };
};

/**
 * Compares two signed checkpoints of one log, given as the bytes of their notes.
 * @param keys Keys of the log (signed-note/keys.ts).
 */
export const compareCheckpoints = (
  a: { readonly name: string; readonly bytes: Uint8Array },
  b: { readonly name: string; readonly bytes: Uint8Array },
  keys: readonly NoteKey[],
  proof?: ConsistencyProof,
): Comparison =>
  compareHeads(
    judgeNote(a.name, a.bytes, keys),
    judgeNote(b.name, b.bytes, keys),
    proof === undefined ? [] : [proof],
  );
