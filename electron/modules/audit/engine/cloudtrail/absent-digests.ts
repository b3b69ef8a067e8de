// Digests that are not in the folder and that no digest names: told by the length of a hole, or by S3 metadata.
import { addMissing } from './chain.ts';
import type { ChainIndex } from './chain.ts';
import { baseName, objectBaseName, parseDigestName } from './object-names.ts';
import type { MetadataIndex } from './sidecars.ts';
import { isRead } from './trail-model.ts';
import type { Chain, DigestItem, FindingList } from './trail-model.ts';

/** CloudTrail delivers one digest an hour, with or without events. */
const DIGEST_SECONDS = 3600;

/** The nearest digest in time that ended before the one at `at` did; one that can't be read counts, it is there. */
export const olderThan = (present: readonly DigestItem[], at: number): DigestItem | undefined => {
  const end = present[at]?.end ?? 0;
  let before = at - 1;
  while (before >= 0 && (present[before]?.end ?? 0) >= end) before -= 1;
  return present[before];
};

/** How many of the sorted numbers are below a limit. */
const countBelow = (sorted: readonly number[], limit: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Digests that must have stood in a hole beside those whose names are known, by its length. */
const reportHole = (
  older: DigestItem,
  nearest: DigestItem,
  start: number,
  missingEnds: readonly number[],
  findings: FindingList,
): void => {
  const known = countBelow(missingEnds, start + 1) - countBelow(missingEnds, older.end + 1);
  const count = Math.round((start - older.end) / DIGEST_SECONDS) - known;
  if (count < 1) return;
  findings.add({
    kind: 'DIGEST_MISSING',
    verdict: 'TAMPERED',
    count,
    at: older.end,
    between: [baseName(older.path), baseName(nearest.path)],
    message: `By the length of the hole, about ${count} more digest${count === 1 ? ' is' : 's are'} missing before it: nothing in the folder names ${count === 1 ? 'it' : 'them'}.`,
  });
};

/**
 * Reports, for each hole before which a digest is named but absent, how many more it must have held.
 * @param present the chain's digests in the folder, by time.
 */
export const reportUnnamed = (chain: Chain, present: readonly DigestItem[], findings: FindingList): void => {
  const missingEnds = chain.items
    .flatMap((item) => (item.file === null ? [item.end] : []))
    .toSorted((a, b) => a - b);
  for (const [at, item] of present.entries()) {
    const older = olderThan(present, at);
    if (older === undefined || !isRead(item) || item.previous === null || item.previous.file !== null)
      continue;
    reportHole(older, item.previous, item.file.document.start, missingEnds, findings);
  }
};

/** Start of the first and end of the last digest that could be read. */
const spanOf = (chain: Chain): readonly [number, number] | null => {
  const read = chain.items.filter(isRead);
  const [first, last] = [read[0], read.at(-1)];
  return first === undefined || last === undefined ? null : [first.file.document.start, last.end];
};

/** S3 metadata that came along may name digests that are not in the folder: a witness, if an unsigned one. */
export const addNamedByMetadata = (
  index: ChainIndex,
  metadata: MetadataIndex,
  findings: FindingList,
): void => {
  const items = index.all().flatMap((chain) => chain.items);
  const ends = new Map<Chain, readonly [number, number]>();
  const known = new Set(
    items.flatMap((item) => [objectBaseName(item.path), objectBaseName(item.file?.document?.key ?? '')]),
  );
  for (const object of metadata.names()) {
    const name = parseDigestName(object);
    if (name === null || known.has(objectBaseName(object))) continue;
    known.add(objectBaseName(object));
    const chain = index.find(name);
    const span = chain === undefined ? null : (ends.get(chain) ?? spanOf(chain));
    if (chain === undefined || span === null) continue;
    ends.set(chain, span);
    if (name.end > span[1] || name.end <= span[0]) {
      chain.outside.push({ object, end: name.end });
      continue;
    }
    findings.add({
      kind: 'DIGEST_MISSING',
      verdict: 'TAMPERED',
      item: addMissing(chain, object, name.end),
      at: name.end,
      message: 'This digest is missing: its S3 metadata came along, the digest itself did not.',
    });
  }
};
