// Walks each chain: which digest names which, and what that says when one is absent, skipped, or names none.
import { addNamedByMetadata, olderThan, reportUnnamed } from './absent-digests.ts';
import { addMissing, objectOf, sortChain } from './chain.ts';
import type { ChainIndex } from './chain.ts';
import { baseName, instantText, objectBaseName, parseDigestName } from './object-names.ts';
import type { Restart } from './restarts.ts';
import type { MetadataIndex } from './sidecars.ts';
import { isRead } from './trail-model.ts';
import type { Chain, DigestItem, FindingList, ReadDigest } from './trail-model.ts';

/** Finds digests by what they say they are, and those that can't be read by where they stand. */
const resolver = (chains: readonly Chain[]): ((object: string) => DigestItem | null) => {
  const byObject = new Map<string, DigestItem>();
  const unreadable = new Map<string, DigestItem>();
  for (const item of chains.flatMap((chain) => chain.items)) {
    if (isRead(item)) byObject.set(objectOf(item.file.document), item);
    else if (!item.extra && item.file !== null) unreadable.set(objectBaseName(item.path), item);
  }
  return (object) => byObject.get(object) ?? unreadable.get(objectBaseName(object)) ?? null;
};

/** Digests that name each digest as their predecessor; more than one is a fork. */
type Namers = Map<DigestItem, ReadDigest[]>;

const linkOne = (
  item: ReadDigest,
  older: DigestItem | undefined,
  resolve: (object: string) => DigestItem | null,
  namers: Namers,
  restarts: Restart[],
  findings: FindingList,
): void => {
  const { previous, start } = item.file.document;
  const { chain } = item;
  if (previous === null) {
    // Each repair run of CloudTrail starts backfill digests anew.
    if (older !== undefined && !chain.name.backfill) restarts.push({ item, older });
    return;
  }
  const target = resolve(objectOf(previous));
  if (target !== null && target !== item) {
    item.previous = target;
    const known = namers.get(target);
    if (known === undefined) namers.set(target, [item]);
    else known.push(item);
    return;
  }
  if (older === undefined) {
    // A window is what auditors usually get. Every digest in it carries its own signature, so it counts as anchored; the
    // verdict still says that it is a window, because what came before is not there to be read.
    chain.startsAfter = previous.hash;
    findings.add({
      kind: 'SEGMENT_START',
      verdict: 'PARTIAL_INTACT',
      item,
      expected: previous.hash,
      at: start,
      message: `The folder holds a window: its first digest names a predecessor, ${baseName(previous.key)}, that is not here. Nothing before ${instantText(start)} is proven.`,
    });
    return;
  }
  const missing = addMissing(chain, objectOf(previous), parseDigestName(previous.key)?.end ?? start);
  missing.next = item;
  item.previous = missing;
  findings.add({
    kind: 'DIGEST_MISSING',
    verdict: 'TAMPERED',
    item: missing,
    expected: previous.hash,
    at: missing.end,
    message: `This digest is missing: ${baseName(item.path)} names it and its SHA-256. The log files of its hour are not proven by anything.`,
  });
};

/** The successor of each digest: among several, one whose hash fits and that is itself continued. The rest are forks. */
const chooseSuccessors = (namers: Namers, findings: FindingList): void => {
  for (const [target, all] of namers) {
    const rank = (item: ReadDigest): number =>
      (item.file.document.previous?.hash === target.file?.sha256 ? 0 : 2) + (namers.has(item) ? 0 : 1);
    const [chosen, ...others] = all.toSorted((a, b) => rank(a) - rank(b));
    target.next = chosen ?? null;
    for (const item of others) {
      findings.add({
        kind: 'FORK',
        verdict: 'FORK',
        item,
        ofItem: target,
        at: item.end,
        message: `Two digests name the same predecessor, ${baseName(target.path)}.`,
      });
    }
  }
};

/** A digest that no later one names although the later one names another: it doesn't belong to the chain. */
const reportSkipped = (chain: Chain, findings: FindingList): void => {
  const read = chain.items.filter(isRead);
  for (const [at, item] of read.entries()) {
    const after = read[at + 1];
    const named = after?.previous ?? null;
    if (item.next !== null || after === undefined || named === null || named.file === null || named === item)
      continue;
    // The one that is named lies between the two but can't be read: it may well name this one.
    if (named.end > item.end) continue;
    findings.add({
      kind: 'LINK_BREAK',
      verdict: 'TAMPERED',
      item,
      at: item.end,
      expected: baseName(named.path),
      actual: baseName(item.path),
      message: `No digest names this one: the next, ${baseName(after.path)}, follows ${baseName(named.path)}.`,
    });
  }
};

/**
 * Sets `previous` and `next` of every digest, adds those that are only named, and reports breaks of the chains but
 * restarts, which are returned: whether they are gaps depends on what else covers their time.
 */
export const linkChains = (
  index: ChainIndex,
  metadata: MetadataIndex,
  findings: FindingList,
): readonly Restart[] => {
  const chains = index.all();
  const resolve = resolver(chains);
  const restarts: Restart[] = [];
  const namers: Namers = new Map();
  const presentOf = new Map(
    chains.map((chain) => [chain, chain.items.filter((item) => !item.extra)] as const),
  );
  for (const present of presentOf.values()) {
    for (const [at, item] of present.entries()) {
      if (isRead(item)) linkOne(item, olderThan(present, at), resolve, namers, restarts, findings);
    }
  }
  chooseSuccessors(namers, findings);
  for (const chain of chains) reportSkipped(chain, findings);
  addNamedByMetadata(index, metadata, findings);
  for (const [chain, present] of presentOf) reportUnnamed(chain, present, findings);
  for (const chain of chains) sortChain(chain);
  return restarts;
};
