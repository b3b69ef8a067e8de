// Holds the digest of a proof against the heads and files at hand: what was stamped, and what was not.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { headMatches, isNamedFor } from './imprint.ts';
import type { Candidate } from './imprint.ts';

export interface Stamped {
  /** File name of the proof. */
  readonly name: string;
  /** `token` or `proof`, for the sentences. */
  readonly noun: 'token' | 'proof';
  /** Lower-case hex, and its algorithm: the name that candidates know it by, and for people. */
  readonly hex: string;
  readonly algorithm: string;
  readonly shown: string;
  digest(bytes: Uint8Array): string;
}

export interface Match {
  /** What was stamped, as the beginning of a sentence; null = not found. */
  readonly what: string | null;
  readonly findings: readonly Finding[];
}

/**
 * @param alone the proof is the only one that is verified: then a named file or head that is not what was stamped
 *   counts against it; with several proofs each file can belong to another of them.
 */
export const matchData = async (
  stamped: Stamped,
  heads: readonly string[],
  candidates: readonly Candidate[],
  alone: boolean,
): Promise<Match> => {
  const { hex, shown, noun } = stamped;
  for (const head of heads) {
    const words = headMatches(head, hex, (bytes) => stamped.digest(bytes));
    if (words !== null) return { what: `The trusted head ${head} ${words}`, findings: [] };
  }
  const isNamed = (each: Candidate): boolean => isNamedFor(stamped.name, each.name);
  const counts: Candidate[] = [];
  for (const each of [...candidates.filter(isNamed), ...candidates.filter((other) => !isNamed(other))]) {
    if ((await each.digest(stamped.algorithm)) === hex)
      return { what: `${each.name} is what was stamped`, findings: [] };
    if (isNamed(each) || (each.given && alone)) counts.push(each);
  }
  const findings: Finding[] = [];
  for (const head of alone ? heads : []) {
    const message = `The trusted head is not what was stamped: the ${noun} is about another head.`;
    findings.push({ kind: 'HEAD_MISMATCH', verdict: 'TAMPERED', expected: hex, actual: head, message });
  }
  for (const each of counts) {
    const actual = await each.digest(stamped.algorithm);
    const message = `${each.name} is not what was stamped: its ${shown} differs from the one in the ${noun}. It was altered after it was stamped, or the ${noun} belongs to another file.`;
    findings.push({ kind: 'LOG_HASH_MISMATCH', verdict: 'TAMPERED', expected: hex, actual, message });
  }
  if (findings.length === 0) {
    const message = `What was stamped is missing: no file given (--data) or beside the ${noun} has the ${shown} ${hex}.`;
    findings.push({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', expected: hex, message });
  }
  return { what: null, findings };
};
