// The parts of a trail while it is verified: what was read, what is named but absent, and what was found out about each.
import type { Verdict, Finding, FindingKind } from '../../../../../shared/model/verdict.ts';
import type { SourceFile } from '../../../../ports/source.ts';
import type { DigestDocument, LogEntry } from './digest-document.ts';
import type { DigestName } from './object-names.ts';

export interface DigestFile {
  readonly path: string;
  /** Position in `source.files`. */
  readonly fileIndex: number;
  readonly document: DigestDocument | null;
  /** Why there is no document; null when there is one. */
  readonly problem: string | null;
  /** SHA-256 of the file as stored, and of its inflated bytes (null when they can't be had). */
  readonly storedSha256: string;
  readonly sha256: string | null;
  readonly trailing: number;
}

/**
 * signed = a signature by a known key fits; head = a trusted head names it; linked = a proven later digest names its
 * hash; unsigned = no signature was found; no-key = there is one, but its key isn't known; bad = the signature is wrong.
 */
export type Proof = 'signed' | 'head' | 'linked' | 'unsigned' | 'no-key' | 'bad';
export const isProven = (proof: Proof): boolean =>
  proof === 'signed' || proof === 'head' || proof === 'linked';

/** One digest of a chain, in the folder or only named. */
export interface DigestItem {
  readonly type: 'digest';
  readonly chain: Chain;
  /** Path in the folder; for an absent digest its `bucket/key`. */
  readonly path: string;
  readonly file: DigestFile | null;
  /** Seconds since 1970; from its name when it can't be read. */
  readonly end: number;
  /** A second file of the same digest: listed, not part of the chain. */
  readonly extra: boolean;
  previous: DigestItem | null;
  /** The digest that names this one as its predecessor. */
  next: DigestItem | null;
  proof: Proof;
  /** A finding says that it was altered. */
  failed: boolean;
  /** Position in the listing: logs first, then digests. */
  index: number;
  /** Position in its chain, from 0. */
  number: number;
}

/** One log file, named by digests, or in the folder, or both. */
export interface LogItem {
  readonly type: 'log';
  /** Path in the folder; for an absent log its `bucket/key`. */
  readonly path: string;
  readonly file: SourceFile | null;
  readonly fileIndex: number | null;
  readonly account: string;
  readonly region: string;
  /** Seconds since 1970: delivery time by its name, else its newest event. */
  readonly time: number | null;
  /** The digests that name it. */
  readonly named: readonly {
    readonly digest: DigestItem;
    readonly entry: LogEntry;
    readonly ordinal: number;
  }[];
  /** The listed log of which this file is a second copy. */
  readonly copyOf: LogItem | null;
  /** SHA-256 of the inflated bytes; null when they could not be had. */
  sha256: string | null;
  verified: boolean;
  failed: boolean;
  index: number;
}

export type Item = DigestItem | LogItem;

/** All digests of one trail in one account and region. */
export interface Chain {
  readonly id: string;
  readonly name: Omit<DigestName, 'end'>;
  /** By time; absent digests included. */
  readonly items: DigestItem[];
  /** Digests that metadata names but that are not in the folder, outside the time of those that are. */
  readonly outside: { readonly object: string; readonly end: number }[];
  /** Previous hash that the first digest names, when its predecessor is not in the folder. */
  startsAfter: string | null;
}

/** A digest that was read: the usual case, narrowed. */
export type ReadDigest = DigestItem & {
  readonly file: DigestFile & { readonly document: DigestDocument; readonly sha256: string };
};
export const isRead = (item: DigestItem): item is ReadDigest =>
  !item.extra && item.file !== null && item.file.document !== null && item.file.sha256 !== null;

/** True for a digest whose statements can be built on: proven, or at least without any sign of alteration. */
export const stands = (item: DigestItem): boolean =>
  isProven(item.proof) || (!item.failed && item.proof !== 'bad');

/** For people: `trail mgmt (account 111122223333, eu-west-1)`. */
export const chainTitle = ({ name }: Chain): string => {
  const home =
    name.homeRegion === name.region || name.homeRegion === '' ? '' : `, home region ${name.homeRegion}`;
  const organisation = name.organisation === '' ? '' : `, organisation ${name.organisation}`;
  return `${name.backfill ? 'backfill digests of ' : ''}trail ${name.trail} (account ${name.account}, ${name.region}${home}${organisation})`;
};

export interface FindingDraft {
  readonly kind: FindingKind;
  readonly verdict?: Verdict | undefined;
  readonly item?: Item | undefined;
  readonly path?: string | undefined;
  readonly count?: number | undefined;
  readonly ofItem?: Item | undefined;
  readonly between?: readonly [string, string] | undefined;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  readonly message: string;
  /** Seconds since 1970, for the order of the list. */
  readonly at: number;
}

/** People count what they see named: the log by its place among logs, the digest by its place in its chain. */
const named = (item: Item | undefined, message: string): string => {
  if (item === undefined) return message;
  return `${item.type === 'log' ? `Log ${item.index}` : `Digest ${item.number}`} (from 0): ${message}`;
};

/** Listed findings; a hostile folder can't fill the memory with more. */
const MAX_LISTED = 20_000;

/** Collects findings, worst verdict included, and turns them into the report's form once positions are known. */
export class FindingList {
  readonly #drafts: FindingDraft[] = [];
  omitted = 0;
  readonly #omittedVerdicts = new Set<Verdict>();

  add(draft: FindingDraft): void {
    if (draft.item !== undefined && draft.verdict === 'TAMPERED') draft.item.failed = true;
    if (this.#drafts.length < MAX_LISTED) this.#drafts.push(draft);
    else {
      this.omitted += 1;
      if (draft.verdict !== undefined) this.#omittedVerdicts.add(draft.verdict);
    }
  }

  /** Every verdict that some finding carries, listed or not. */
  verdicts(): ReadonlySet<Verdict> {
    const listed = this.#drafts.map((draft) => draft.verdict).filter((verdict) => verdict !== undefined);
    return new Set([...listed, ...this.#omittedVerdicts]);
  }

  /** In order of time. */
  list(): Finding[] {
    const sorted = this.#drafts.toSorted(
      (a, b) => a.at - b.at || (a.item?.index ?? 0) - (b.item?.index ?? 0),
    );
    return sorted.map(({ kind, verdict, item, path, count, ofItem, between, expected, actual, message }) => ({
      kind,
      ...(verdict !== undefined && { verdict }),
      ...(item !== undefined && { index: item.index }),
      ...(count !== undefined && { count }),
      ...((path ?? item?.path) !== undefined && { path: path ?? item?.path ?? '' }),
      ...(ofItem !== undefined && { ofIndex: ofItem.index }),
      ...(between !== undefined && { between: [between[0], between[1]] as [string, string] }),
      ...(expected !== undefined && { expected }),
      ...(actual !== undefined && { actual }),
      message: named(item, message),
    }));
  }
}
