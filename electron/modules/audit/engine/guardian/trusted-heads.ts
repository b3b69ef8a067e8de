// Compares heads known from outside the log with its chain hashes.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { ChainShape } from './chain-shape.ts';
import { findHeads } from './chain-shape.ts';
import type { LinkTracker } from './link-tracker.ts';

export interface HeadAnswer {
  /** A trusted head is the last chain hash. */
  readonly anchored: boolean;
  /** Otherwise: the last record that a trusted head covers, null for none. */
  readonly coveredTo: number | null;
  readonly findings: readonly Finding[];
}

export const compareHeads = (
  links: LinkTracker,
  shape: ChainShape,
  trusted: readonly string[],
): HeadAnswer => {
  const found = findHeads(links, trusted);
  const isLast = (index: number): boolean =>
    index === shape.head || links.chains.equals(index, links.chains, shape.head);
  const anchored = found.some((indexes) => indexes?.some(isLast) ?? false);
  const inner = found.flatMap((indexes) =>
    indexes === null || indexes.some(isLast) ? [] : indexes.slice(0, 1),
  );
  const findings: Finding[] = [];
  for (const [i, head] of trusted.entries()) {
    if (found[i] !== null) continue;
    if (shape.window !== null && head === shape.window.parentHex) {
      const message =
        'The trusted head is the chain hash after which this part of the log begins: its beginning is anchored, its end is not.';
      findings.push({ kind: 'HEAD_MISMATCH', expected: head, message });
      continue;
    }
    const window =
      shape.window === null ? '' : ' (or it belongs to a part of the log that is not in this file)';
    findings.push({
      kind: 'HEAD_MISMATCH',
      verdict: 'TAMPERED',
      expected: head,
      message: `No record has the trusted head as its chain hash: the end of the log was cut off, or the chain was made anew from an altered record on${window}.`,
    });
  }
  // With the end anchored, an earlier head says nothing more.
  if (!anchored) {
    for (const index of inner) {
      const message = `The trusted head is the chain hash of record ${index}: the chain is anchored up to there. What comes after it in the chain is not covered by a trusted head.`;
      findings.push({ kind: 'HEAD_MISMATCH', index, message });
    }
  }
  return { anchored, coveredTo: anchored || inner.length === 0 ? null : Math.max(...inner), findings };
};
