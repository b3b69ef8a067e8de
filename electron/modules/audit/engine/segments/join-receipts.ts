// Joins receipts, given in any order, into the report of one run; says exactly which part is missing or doesn't belong.
import { createHash } from 'node:crypto';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Verified } from '../format.ts';
import { SegmentJoin } from './join.ts';
import type { Receipt } from './receipt.ts';

/**
 * In the order of the log. @throws AppError('audit.shards_foreign' | 'audit.shards_duplicate' | 'audit.shards_overlap' |
 * 'audit.shards_missing')
 */
export const orderReceipts = (receipts: readonly Receipt[]): readonly Receipt[] => {
  const [first] = receipts;
  if (first === undefined) throw new AppError('usage.invalid', { reason: 'no receipt was given' });
  for (const other of receipts) {
    const reason = foreignness(first, other);
    if (reason !== null)
      throw new AppError('audit.shards_foreign', { first: first.name, second: other.name, reason });
  }
  const ordered = receipts.toSorted(
    (a, b) => a.segment.range.from - b.segment.range.from || a.segment.range.to - b.segment.range.to,
  );
  let before: Receipt | null = null;
  for (const receipt of ordered) {
    const from = before?.segment.range.to ?? 0;
    const { range } = receipt.segment;
    if (before !== null && isSame(before, receipt))
      throw new AppError('audit.shards_duplicate', { first: before.name, second: receipt.name });
    if (before !== null && range.from < from) {
      const names = { first: before.name, second: receipt.name };
      throw new AppError('audit.shards_overlap', {
        ...names,
        from: range.from,
        to: Math.min(from, range.to),
      });
    }
    if (range.from > from) throw new AppError('audit.shards_missing', { from, to: range.from });
    if (receipt.segment.start !== (before?.segment.end ?? 0)) {
      const reason = 'the lines at their border differ';
      const names = { first: (before ?? receipt).name, second: receipt.name };
      throw new AppError('audit.shards_foreign', { ...names, reason });
    }
    before = receipt;
  }
  const { fileBytes } = first.segment;
  const to = before?.segment.range.to ?? 0;
  if (to < fileBytes) throw new AppError('audit.shards_missing', { from: to, to: fileBytes });
  return ordered;
};

const isSame = (a: Receipt, b: Receipt): boolean =>
  a.segment.range.from === b.segment.range.from &&
  a.segment.range.to === b.segment.range.to &&
  // Empty shards of a small log are alike and harmless.
  a.segment.range.from < a.segment.range.to;

const foreignness = (a: Receipt, b: Receipt): string | null => {
  if (a.segment.fileBytes !== b.segment.fileBytes) return 'the size of the file differs';
  return a.segment.beginning === b.segment.beginning ? null : 'the beginning of the file differs';
};

/**
 * What stands for the SHA-256 of a file that nobody read as a whole: SHA-256 over one line for each segment in order,
 * `<sha256>  <first byte>-<byte after the last>\n`, marked so that nobody takes it for the file's own.
 */
export const segmentsDigest = (receipts: readonly Receipt[]): string => {
  const digest = createHash('sha256');
  for (const { segment } of receipts) {
    if (segment.start < segment.end) digest.update(`${segment.sha256}  ${segment.start}-${segment.end}\n`);
  }
  return `segments:${digest.digest('hex')}`;
};

/** @throws see {@link orderReceipts}; AppError('audit.format_mismatch') when no line of the log is a record. */
export const joinReceipts = (receipts: readonly Receipt[], trustedHeads: readonly string[]): Verified => {
  const began = performance.now();
  const ordered = orderReceipts(receipts);
  const join = new SegmentJoin();
  try {
    for (const { segment } of ordered) join.add(segment);
    const facts = { name: ordered[0]?.log ?? '', kind: 'file', began } as const;
    return join.conclude(segmentsDigest(ordered), trustedHeads, facts);
  } finally {
    join.close();
  }
};
