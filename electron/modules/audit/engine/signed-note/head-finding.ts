// A trusted root that a log does not have: what that means where a checkpoint at hand states the same root.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Comparison } from './compare-checkpoints.ts';

/**
 * The finding for a trusted root that was not met, or null where it adds nothing: evidence from outside reaches a format
 * twice, as a root and as the checkpoint that states it, and the comparison of the checkpoints says more.
 * @param compared What the checkpoints given were found to be, by their roots (lower-case hex).
 */
export const headFinding = (
  head: string,
  actual: string | null,
  compared: ReadonlyMap<string, Comparison['outcome']>,
  message: string,
): Finding | null => {
  const outcome = compared.get(head);
  if (outcome !== undefined && outcome !== 'fork') return null;
  const found = actual === null ? {} : { actual };
  const verdict = outcome === 'fork' ? 'FORK' : 'TAMPERED';
  return { kind: 'HEAD_MISMATCH', verdict, expected: head, ...found, message };
};
