// Follows the links while the log streams by: cuts it into runs of records that each name the one before as their parent.
import { DigestColumn, IntColumn, TextColumn } from '../lines/columns.ts';
import { sha256Text } from './hashed-record.ts';
import { Sequence } from './sequence.ts';

const HEX_DIGEST = /^[0-9a-f]{64}$/;

/** Whether a text is a SHA-256 digest in lower-case hex. */
export const isDigest = (text: string): boolean => HEX_DIGEST.test(text);

/** What identifies a stored hash: the hash itself, or, where it is no digest, a digest of whatever stands there. */
export const digestKey = (stored: string): string =>
  HEX_DIGEST.test(stored) ? stored : sha256Text(`\0${stored}`);

/** What one record says of its place in the chain. */
export interface Link {
  /** '' where it has none; never long. */
  readonly id: string;
  /** Its chain hash as stored. */
  readonly chain: string;
  /** true when that is known to be a digest, because it was recomputed. */
  readonly isDigest: boolean;
  /** What its chain hash should be, where that differs: its child may name this one. */
  readonly computed: string | null;
  /** The chain hash that it names as its parent; null for the first record of a chain. */
  readonly parent: string | null;
  /** false when its chain hash doesn't fit its parent and event hash, so that the named parent can't be relied on. */
  readonly isTrusted: boolean;
}

/** A maximal series of records (unreadable lines between them allowed) in which each names the one before. */
export interface Run {
  readonly start: number;
  /** The last record. */
  readonly end: number;
  readonly hasParent: boolean;
  readonly isTrusted: boolean;
  readonly startId: string;
  readonly endId: string;
  /** Unreadable lines directly before the run's first record, and whether all of them were merely too long. */
  readonly unreadableBefore: number;
  readonly isBeforeTooLong: boolean;
  readonly hasBlanksBefore: boolean;
  /** The parent that it names; kept for the first runs only, '' else. */
  readonly parentHex: string;
}

const HAS_PARENT = 1;
const TRUSTED = 2;
const TOO_LONG_BEFORE = 4;
const BLANKS_BEFORE = 8;

const MAX_PARENT_TEXTS = 10_000;
const RECENT_IDS = 4096;
const DIGEST_LENGTH = 64;

export class LinkTracker {
  /** Chain hash of every record; empty for a line that is none. */
  readonly chains = new DigestColumn();
  /** The parent that each run names, one a run; empty for none. */
  readonly parents = new DigestColumn();
  readonly starts = new IntColumn();
  readonly ends = new IntColumn();
  readonly #flags = new IntColumn();
  // A run of one record stores its id once; the end of the run at hand is not stored yet.
  readonly #ids = new TextColumn();
  readonly #startIds = new IntColumn();
  readonly #endIds = new IntColumn();
  #lastId = '';
  readonly #parentTexts: string[] = [];
  readonly #unreadableBefore = new Map<number, number>();
  readonly sequence = new Sequence();
  /** Other chain hashes under which a record may be named: see Link.computed. */
  readonly aliases = new DigestColumn();
  readonly aliasOf: number[] = [];
  readonly #recentIds: string[] = [];
  #lastChain = '';
  #lastComputed: string | null = null;
  #unreadable = 0;
  #isTooLongOnly = true;
  #blanks = 0;
  #blankPlaces = 0;

  /** Chain hash of the record before, '' at the start. */
  get lastChain(): string {
    return this.#lastChain;
  }

  add(index: number, link: Link, blanksBefore: number): void {
    this.#noteBlanks(blanksBefore);
    this.chains.push(link.isDigest ? link.chain : digestKey(link.chain));
    this.#recentIds[index % RECENT_IDS] = link.id;
    const run = this.starts.length - 1;
    if (run >= 0 && this.#follows(link)) {
      this.sequence.add(this.#lastId, link.id);
      this.ends.set(run, index);
    } else {
      this.#begin(index, link);
    }
    if (link.computed !== null) {
      this.aliases.push(digestKey(link.computed));
      this.aliasOf.push(index);
    }
    this.#lastId = link.id;
    this.#lastChain = link.chain;
    this.#lastComputed = link.computed;
    this.#unreadable = 0;
    this.#isTooLongOnly = true;
    this.#blanks = 0;
  }

  /** A line that is no record takes an index too, but no part in the chain. */
  addUnreadable(isTooLong: boolean, blanksBefore: number): void {
    this.#recentIds[this.chains.length % RECENT_IDS] = '';
    this.chains.push('');
    this.#unreadable += 1;
    this.#isTooLongOnly &&= isTooLong;
    this.#noteBlanks(blanksBefore);
  }

  #noteBlanks(count: number): void {
    if (count === 0) return;
    this.#blanks += count;
    this.#blankPlaces += 1;
  }

  /** true when blank lines are rare in the log, so that one means something. */
  get areBlanksRare(): boolean {
    return this.#blankPlaces * 20 < this.chains.length;
  }

  get runCount(): number {
    return this.starts.length;
  }

  run(i: number): Run {
    const flags = this.#flags.at(i);
    return {
      start: this.starts.at(i),
      end: this.ends.at(i),
      hasParent: (flags & HAS_PARENT) !== 0,
      isTrusted: (flags & TRUSTED) !== 0,
      startId: this.#startId(i),
      endId: this.#endId(i),
      unreadableBefore: this.#unreadableBefore.get(i) ?? 0,
      isBeforeTooLong: (flags & TOO_LONG_BEFORE) !== 0,
      hasBlanksBefore: (flags & BLANKS_BEFORE) !== 0,
      parentHex: this.#parentTexts[i] ?? '',
    };
  }

  hasParent(run: number): boolean {
    return (this.#flags.at(run) & HAS_PARENT) !== 0;
  }

  /** The id of a record, where it is the first or last of its run or among the latest; '' otherwise. */
  idOf(index: number): string {
    if (index > this.chains.length - RECENT_IDS) return this.#recentIds[index % RECENT_IDS] ?? '';
    const run = this.starts.floor(index);
    if (run < 0) return '';
    if (this.starts.at(run) === index) return this.#startId(run);
    return this.ends.at(run) === index ? this.#endId(run) : '';
  }

  #startId(run: number): string {
    return this.#ids.at(this.#startIds.at(run));
  }

  #endId(run: number): string {
    return run === this.starts.length - 1 ? this.#lastId : this.#ids.at(this.#endIds.at(run));
  }

  #follows(link: Link): boolean {
    if (link.parent === null) return false;
    return link.parent === this.#lastChain || link.parent === this.#lastComputed;
  }

  #begin(index: number, link: Link): void {
    this.parents.push(link.parent === null ? '' : digestKey(link.parent));
    if (this.starts.length > 0) this.#storeEndId();
    const run = this.starts.push(index);
    this.ends.push(index);
    this.#flags.push(
      (link.parent === null ? 0 : HAS_PARENT) |
        (link.isTrusted ? TRUSTED : 0) |
        (this.#unreadable > 0 && this.#isTooLongOnly ? TOO_LONG_BEFORE : 0) |
        (this.#blanks > 0 ? BLANKS_BEFORE : 0),
    );
    this.#startIds.push(this.#ids.push(link.id));
    if (run < MAX_PARENT_TEXTS) this.#parentTexts.push((link.parent ?? '').slice(0, DIGEST_LENGTH));
    if (this.#unreadable > 0) this.#unreadableBefore.set(run, this.#unreadable);
  }

  #storeEndId(): void {
    const run = this.starts.length - 1;
    const isOneRecord = this.starts.at(run) === this.ends.at(run);
    this.#endIds.push(isOneRecord ? this.#startIds.at(run) : this.#ids.push(this.#lastId));
  }
}
