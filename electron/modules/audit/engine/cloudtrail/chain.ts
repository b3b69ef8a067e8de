// Puts the digests of a folder into their chains: one per account, region and trail, in order of time, copies set apart.
import { movedDigests } from './placement.ts';
import { objectBaseName, parseDigestName } from './object-names.ts';
import type { DigestName } from './object-names.ts';
import type { Chain, DigestFile, DigestItem, FindingList } from './trail-model.ts';

export const objectOf = (document: { readonly bucket: string; readonly key: string }): string =>
  `${document.bucket}/${document.key}`;

/** What the digest says it is; for one that can't be read, where it stands. */
const identityOf = (file: DigestFile): string =>
  file.document === null ? file.path : objectOf(file.document);

const nameOf = (file: DigestFile): DigestName => {
  const name =
    (file.document === null ? null : parseDigestName(file.document.key)) ?? parseDigestName(file.path);
  if (name !== null) return name;
  // A digest whose key has an unknown form is a chain of its own, by its folder.
  const trail = identityOf(file).split('/').slice(0, -1).join('/');
  const { account = '', end = 0 } = file.document ?? {};
  return { organisation: '', account, region: '', trail, homeRegion: '', end, backfill: false };
};

const idOf = (name: Omit<DigestName, 'end'>, organisation = name.organisation): string =>
  [
    name.account,
    name.region,
    name.trail,
    name.homeRegion,
    organisation,
    name.backfill ? 'backfill' : '',
  ].join('|');

/** The chains found so far, by name. An organisation has thousands. */
export class ChainIndex {
  readonly #byId = new Map<string, Chain>();
  /** By everything but the organisation. */
  readonly #loose = new Map<string, Chain>();

  /** A copy that lost the upper folders doesn't show the organisation: such a name fits any. */
  find(name: Omit<DigestName, 'end'>): Chain | undefined {
    return this.#byId.get(idOf(name)) ?? this.#loose.get(idOf(name, ''));
  }

  /** The chain of exactly this name, made when there is none; a name without organisation joins one that has it. */
  findOrMake({ end: _end, ...name }: DigestName): Chain {
    const known = name.organisation === '' ? this.find(name) : this.#byId.get(idOf(name));
    if (known !== undefined) return known;
    const chain: Chain = { id: idOf(name), name, items: [], outside: [], startsAfter: null };
    this.#byId.set(chain.id, chain);
    if (!this.#loose.has(idOf(name, ''))) this.#loose.set(idOf(name, ''), chain);
    return chain;
  }

  /** Sorted by account, region and trail. */
  all(): readonly Chain[] {
    return [...this.#byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }
}

const newItem = (chain: Chain, fields: Pick<DigestItem, 'path' | 'file' | 'end' | 'extra'>): DigestItem => {
  const item: DigestItem = {
    type: 'digest',
    chain,
    ...fields,
    previous: null,
    next: null,
    proof: 'unsigned',
    failed: false,
    index: 0,
    number: 0,
  };
  chain.items.push(item);
  return item;
};

/** Adds a digest that is named but not in the folder. */
export const addMissing = (chain: Chain, object: string, end: number): DigestItem =>
  newItem(chain, { path: object, file: null, end, extra: false });

const byTime = (a: DigestItem, b: DigestItem): number =>
  a.end - b.end ||
  (a.file?.document?.start ?? a.end) - (b.file?.document?.start ?? b.end) ||
  Number(a.extra) - Number(b.extra) ||
  (a.path < b.path ? -1 : 1);

export const sortChain = (chain: Chain): void => {
  chain.items.sort(byTime);
};

const reportExtra = (item: DigestItem, primary: DigestItem, object: string, findings: FindingList): void => {
  const common = { item, ofItem: primary, at: item.end };
  if (item.file?.sha256 !== primary.file?.sha256) {
    findings.add({
      ...common,
      kind: 'DIGEST_INVALID',
      verdict: 'TAMPERED',
      message: 'Two digest files claim to be the same object, with different content.',
    });
  } else if (objectBaseName(item.path) === objectBaseName(object)) {
    findings.add({
      ...common,
      kind: 'DUPLICATE',
      verdict: 'DUPLICATE',
      message: 'The same digest stands in the folder twice.',
    });
  } else {
    findings.add({
      ...common,
      kind: 'DIGEST_MOVED',
      verdict: 'TAMPERED',
      expected: object,
      actual: item.path,
      message: 'A copy of another digest stands under this name.',
    });
  }
};

/** Hashes by which later digests name their predecessors, by `bucket/key`. */
const hashesInSuccessors = (files: readonly DigestFile[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const hashes = new Map<string, Set<string>>();
  for (const { document } of files) {
    if (document === null || document.previous === null) continue;
    const object = objectOf(document.previous);
    const known = hashes.get(object);
    if (known === undefined) hashes.set(object, new Set([document.previous.hash]));
    else known.add(document.previous.hash);
  }
  return hashes;
};

/** All files of one digest: the one whose hash the next digest names comes first, else the one in its place. */
const addDigest = (
  chain: Chain,
  object: string,
  files: readonly DigestFile[],
  hashes: ReadonlySet<string>,
  moved: ReadonlySet<DigestFile>,
  findings: FindingList,
): void => {
  const rank = (file: DigestFile): number =>
    (hashes.has(file.sha256 ?? '') ? 0 : 2) + (moved.has(file) ? 1 : 0);
  const [primary, ...extras] = files.toSorted(
    (a, b) => rank(a) - rank(b) || a.path.length - b.path.length || (a.path < b.path ? -1 : 1),
  );
  if (primary === undefined) return;
  const item = newItem(chain, {
    path: primary.path,
    file: primary,
    end: primary.document?.end ?? 0,
    extra: false,
  });
  if (moved.has(primary)) {
    findings.add({
      kind: 'DIGEST_MOVED',
      verdict: 'TAMPERED',
      item,
      expected: object,
      actual: primary.path,
      at: item.end,
      message: 'The digest does not stand where it says that CloudTrail put it.',
    });
  }
  for (const file of extras) {
    reportExtra(
      newItem(chain, { path: file.path, file, end: item.end, extra: true }),
      item,
      object,
      findings,
    );
  }
};

/** Chains of the digests in a folder. Reports invalid, moved and doubled digests. */
export const buildChains = (files: readonly DigestFile[], findings: FindingList): ChainIndex => {
  const chains = new ChainIndex();
  const readable = files.filter((file) => file.document !== null);
  const flags = movedDigests(readable.map((file) => ({ path: file.path, object: identityOf(file) })));
  const moved = new Set(readable.filter((_, at) => flags[at] === true));
  const hashes = hashesInSuccessors(readable);
  for (const [object, same] of Map.groupBy(readable, identityOf)) {
    const [any] = same;
    if (any !== undefined)
      addDigest(
        chains.findOrMake(nameOf(any)),
        object,
        same,
        hashes.get(object) ?? new Set(),
        moved,
        findings,
      );
  }
  for (const file of files) {
    if (file.document !== null) continue;
    const name = nameOf(file);
    const item = newItem(chains.findOrMake(name), { path: file.path, file, end: name.end, extra: false });
    findings.add({
      kind: 'DIGEST_INVALID',
      verdict: 'TAMPERED',
      item,
      at: item.end,
      message: `The digest can not be read: ${file.problem ?? 'unknown reason'}.`,
    });
  }
  for (const chain of chains.all()) {
    sortChain(chain);
    for (const item of chain.items) {
      const trailing = item.file?.trailing ?? 0;
      if (trailing === 0) continue;
      findings.add({
        kind: 'TRAILING_DATA',
        verdict: 'TAMPERED',
        item,
        at: item.end,
        message: `${trailing} bytes stand after the end of the compressed digest; other tools may read them as part of it.`,
      });
    }
  }
  return chains;
};
