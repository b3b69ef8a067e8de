// Digests that start a chain anew although older ones are there: logging was stopped, or a hole was filled later.
import { baseName, instantText } from './object-names.ts';
import type { Chain, DigestItem, FindingList, ReadDigest } from './trail-model.ts';

/** A digest that says it has no predecessor although older ones are here. */
export interface Restart {
  readonly item: ReadDigest;
  readonly older: DigestItem;
}

/**
 * Reports restarts. One whose hole other digests cover (backfill) lost nothing and is a remark.
 * @param covered true when valid digests cover all of [from, to) of this chain's trail.
 */
export const reportRestarts = (
  restarts: readonly Restart[],
  covered: (chain: Chain, from: number, to: number) => boolean,
  findings: FindingList,
): void => {
  for (const { item, older } of restarts) {
    const { start } = item.file.document;
    const between = [baseName(older.path), baseName(item.path)] as const;
    if (start <= older.end) {
      findings.add({
        kind: 'SEGMENT_START',
        verdict: 'SEGMENTED',
        item,
        between,
        at: start,
        message:
          'A new chain of digests starts here without loss of time: log file validation was switched off and on, or the trail was made anew.',
      });
      continue;
    }
    const backfilled = covered(item.chain, older.end, start);
    findings.add({
      kind: 'GAP',
      verdict: backfilled ? undefined : 'GAP',
      item,
      between,
      at: start,
      message: `Logging or its validation was stopped from ${instantText(older.end)} to ${instantText(start)}: the digest after it says that it has no predecessor.${backfilled ? ' Backfill digests cover that time.' : ''}`,
    });
  }
};
