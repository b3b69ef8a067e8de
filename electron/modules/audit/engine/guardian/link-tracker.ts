// Follows the links while the log streams by: cuts it into runs of records that each name the one before as their parent.
import { DigestColumn, IntColumn, packedHex, TextColumn } from '../lines/columns.ts';
import type { PagePool } from '../lines/page-pool.ts';
import { sha256Text } from './hashed-record.ts';
import type { OpenBorder, PackedLinks } from './packed-links.ts';
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
  /** For the first record of a log's later part: that the record before is needed to judge it. */
  readonly border?: OpenBorder;
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
  /** The parent that it names; '' for none, and for what is no digest beyond the first of such. */
  readonly parentHex: string;
}

const HAS_PARENT = 1;
const TRUSTED = 2;
const TOO_LONG_BEFORE = 4;
const BLANKS_BEFORE = 8;

const MAX_PARENT_TEXTS = 10_000;
const RECENT_IDS = 4096;
const DIGEST_LENGTH = 64;
const HALF = 32;

/** The second half of a digest, '' where the text is none. */
const tailOf = (text: string): string => (HEX_DIGEST.test(text) ? text.slice(HALF) : '');

export class LinkTracker {
  /** Chain hash of every record; empty for a line that is none. */
  readonly chains: DigestColumn;
  /** The parent that each run names, one a run; empty for none. */
  readonly parents: DigestColumn;
  // The other halves of what has to be quoted: the parents, and the chain hash of each run's end.
  readonly #parentTails: DigestColumn;
  readonly #endTails: DigestColumn;
  readonly starts = new IntColumn();
  readonly ends = new IntColumn();
  readonly #flags = new IntColumn();
  // A run of one record stores its id once; the end of the run at hand is not stored yet.
  readonly #ids = new TextColumn();
  readonly #startIds = new IntColumn();
  readonly #endIds = new IntColumn();
  #lastId = '';
  readonly #oddParents = new Map<number, string>();
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
  #isAtBorder = false;
  // What stands before the first record, for a part of a log.
  #firstBlanks = 0;
  #first = { unreadable: 0, isTooLongOnly: true, blanks: 0 };
  #border: OpenBorder | null = null;

  /** `pool`: where full pages wait when they are many; absent = in memory. */
  constructor(pool: PagePool | null = null) {
    this.chains = new DigestColumn(pool);
    this.parents = new DigestColumn(pool);
    this.#parentTails = new DigestColumn(pool);
    this.#endTails = new DigestColumn(pool);
  }

  /** Chain hash of the record before, '' at the start. */
  get lastChain(): string {
    return this.#lastChain;
  }

  add(index: number, link: Link, blanksBefore: number): void {
    if (this.chains.length === 0) this.#firstBlanks = blanksBefore;
    this.#noteBlanks(blanksBefore);
    this.chains.push(link.isDigest ? link.chain : digestKey(link.chain));
    this.#recentIds[index % RECENT_IDS] = link.id;
    const run = this.starts.length - 1;
    if (run >= 0 && this.#follows(link)) {
      if (this.#isAtBorder) this.sequence.addAcross(this.#lastId, link.id);
      else this.sequence.add(this.#lastId, link.id);
      this.ends.set(run, index);
    } else {
      this.#begin(index, link);
    }
    const border = link.border ?? null;
    if (border !== null) this.#border = border;
    const computed = border === null ? link.computed : null;
    if (computed !== null) this.#addAlias(index, computed);
    this.#lastId = link.id;
    this.#lastChain = link.chain;
    this.#lastComputed = computed;
    this.#unreadable = 0;
    this.#isTooLongOnly = true;
    this.#blanks = 0;
    this.#isAtBorder = false;
  }

  /** A line that is no record takes an index too, but no part in the chain. */
  addUnreadable(isTooLong: boolean, blanksBefore: number): void {
    if (this.chains.length === 0) this.#firstBlanks = blanksBefore;
    this.#recentIds[this.chains.length % RECENT_IDS] = '';
    this.chains.push('');
    this.#unreadable += 1;
    this.#isTooLongOnly &&= isTooLong;
    this.#noteBlanks(blanksBefore);
  }

  /** See RecordHandler. */
  enterCell(): void {
    this.sequence.endCell();
    this.#isAtBorder = true;
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
      parentHex: this.#oddParents.get(i) ?? whole(this.parents, this.#parentTails, i, i),
    };
  }

  hasParent(run: number): boolean {
    return (this.#flags.at(run) & HAS_PARENT) !== 0;
  }

  /** The whole chain hash of the last record of a run; null where what stands there is no digest, or for other records. */
  chainHexAt(index: number): string | null {
    const run = this.starts.floor(index);
    if (run < 0 || this.ends.at(run) !== index) return null;
    if (run === this.starts.length - 1) return isDigest(this.#lastChain) ? this.#lastChain : null;
    return whole(this.chains, this.#endTails, index, run) || null;
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

  #addAlias(index: number, computed: string): void {
    this.aliases.push(digestKey(computed));
    this.aliasOf.push(index);
  }

  #follows(link: Link): boolean {
    if (link.parent === null) return false;
    return link.parent === this.#lastChain || link.parent === this.#lastComputed;
  }

  #begin(index: number, link: Link): void {
    const { parent } = link;
    const isOdd = parent !== null && !HEX_DIGEST.test(parent);
    const run = this.#beginRun(
      index,
      (parent === null ? 0 : HAS_PARENT) | (link.isTrusted ? TRUSTED : 0),
      link.id,
      isOdd ? parent.slice(0, DIGEST_LENGTH) : null,
    );
    if (run === 0) {
      this.#first = {
        unreadable: this.#unreadable,
        isTooLongOnly: this.#isTooLongOnly,
        blanks: this.#blanks,
      };
    }
    this.parents.push(parent === null ? '' : digestKey(parent));
    this.#parentTails.push(parent === null ? '' : tailOf(parent));
  }

  /** All of a new run but its row in the columns of parents. */
  #beginRun(index: number, flags: number, id: string, oddParent: string | null): number {
    if (this.starts.length > 0) this.#storeEnd();
    const run = this.starts.push(index);
    this.ends.push(index);
    this.#flags.push(
      flags |
        (this.#unreadable > 0 && this.#isTooLongOnly ? TOO_LONG_BEFORE : 0) |
        (this.#blanks > 0 ? BLANKS_BEFORE : 0),
    );
    this.#startIds.push(this.#ids.push(id));
    if (oddParent !== null && this.#oddParents.size < MAX_PARENT_TEXTS) this.#oddParents.set(run, oddParent);
    if (this.#unreadable > 0) this.#unreadableBefore.set(run, this.#unreadable);
    return run;
  }

  #storeEnd(): void {
    const run = this.starts.length - 1;
    const isOneRecord = this.starts.at(run) === this.ends.at(run);
    this.#endIds.push(isOneRecord ? this.#startIds.at(run) : this.#ids.push(this.#lastId));
    this.#endTails.push(tailOf(this.#lastChain));
  }

  packed(): PackedLinks {
    const runs = Array.from({ length: this.runCount }, (_, run) => run);
    const from = Math.max(0, this.chains.length - RECENT_IDS);
    return {
      chains: this.chains.packed(),
      starts: this.starts.packed(),
      ends: this.ends.packed(),
      flags: this.#flags.packed(),
      parents: this.parents.packed(),
      parentTails: this.#parentTails.packed(),
      endTails: this.#endTails.packed(),
      oddParents: [...this.#oddParents],
      startIds: runs.map((run) => this.#startId(run)),
      endIds: runs.map((run) => this.#endId(run)),
      unreadableBefore: [...this.#unreadableBefore],
      aliases: this.aliases.packed(),
      aliasOf: this.aliasOf,
      sequence: this.sequence.counts(),
      recentIds: Array.from(
        { length: this.chains.length - from },
        (_, i) => this.#recentIds[(from + i) % RECENT_IDS] ?? '',
      ),
      lastId: this.#lastId,
      lastChain: this.#lastChain,
      lastComputed: this.#lastComputed,
      firstBlanks: this.#firstBlanks,
      blankPlaces: this.#blankPlaces,
      unreadableFirst: this.runCount === 0 ? this.#unreadable : this.#first.unreadable,
      isFirstTooLongOnly: this.runCount === 0 ? this.#isTooLongOnly : this.#first.isTooLongOnly,
      blanksFirst: this.runCount === 0 ? this.#blanks : this.#first.blanks,
      unreadableLast: this.#unreadable,
      isLastTooLongOnly: this.#isTooLongOnly,
      blanksLast: this.#blanks,
      border: this.#border,
    };
  }

  /**
   * Adds the links of the part that follows. `blanksBefore`: blank lines at the end of the part before.
   * `isParentAltered`: what the border of the parts has shown of its first record, where that was left open.
   */
  pushPacked(part: PackedLinks, blanksBefore: number, isParentAltered: boolean): void {
    const base = this.chains.length;
    const added = part.chains.length / 4;
    if (added === 0) return;
    const lastRow = this.runCount === 0 ? -1 : this.ends.at(this.runCount - 1);
    this.chains.pushPacked(part.chains);
    for (const [i, id] of part.recentIds.entries())
      this.#recentIds[(base + added - part.recentIds.length + i) % RECENT_IDS] = id;
    this.#blanks += blanksBefore + part.blanksFirst;
    this.#blankPlaces += part.blankPlaces + (blanksBefore > 0 && part.firstBlanks === 0 ? 1 : 0);
    this.#unreadable += part.unreadableFirst;
    this.#isTooLongOnly &&= part.isFirstTooLongOnly;
    if (part.starts.length > 0) this.#pushRuns(part, base, lastRow, isParentAltered);
    this.aliases.pushPacked(part.aliases);
    for (const index of part.aliasOf) this.aliasOf.push(base + index);
    this.sequence.addCounts(part.sequence);
  }

  #pushRuns(part: PackedLinks, base: number, lastRow: number, isParentAltered: boolean): void {
    const odd = new Map(part.oddParents);
    const unreadable = new Map(part.unreadableBefore);
    const { border } = part;
    const computed = border !== null && !isParentAltered ? border.computed : null;
    const first = base + (part.starts[0] as number);
    if (computed !== null) this.#addAlias(first, computed);
    for (let run = 0; run < part.starts.length; run += 1) {
      const start = base + (part.starts[run] as number);
      const end = base + (part.ends[run] as number);
      const flags = part.flags[run] as number;
      const id = part.startIds[run] ?? '';
      // Only the first run may go on from the part before, and the second one from a first record that was left open.
      const previous = run === 0 ? lastRow : run === 1 && computed !== null ? first : -1;
      const parent = packedHex(part.parents, run);
      const names = (text: string): boolean => parent === digestKey(text).slice(0, HALF);
      const other = run === 0 ? this.#lastComputed : computed;
      const follows =
        previous >= 0 &&
        ((run === 0 && isParentAltered) ||
          ((flags & HAS_PARENT) !== 0 &&
            (parent === this.chains.hex(previous) || (other !== null && names(other)))));
      if (follows) {
        this.sequence.addAcross(this.#lastId, id);
        this.ends.set(this.runCount - 1, end);
      } else {
        if (run > 0) {
          this.#unreadable = unreadable.get(run) ?? 0;
          this.#isTooLongOnly = (flags & TOO_LONG_BEFORE) !== 0;
          this.#blanks = (flags & BLANKS_BEFORE) !== 0 ? 1 : 0;
        }
        const own = flags & (HAS_PARENT | TRUSTED);
        this.#beginRun(start, own, id, odd.get(run) ?? null);
        this.parents.push(parent);
        this.#parentTails.push(packedHex(part.parentTails, run));
        this.ends.set(this.runCount - 1, end);
      }
      this.#lastId = part.endIds[run] ?? '';
      // Of the runs between only the second half is known; the first stands in the column of chains.
      this.#lastChain =
        run === part.starts.length - 1
          ? part.lastChain
          : halves(this.chains.hex(end), packedHex(part.endTails, run));
      this.#lastComputed = run === part.starts.length - 1 ? part.lastComputed : null;
      if (computed !== null && end === first) this.#lastComputed = computed;
    }
    this.#unreadable = part.unreadableLast;
    this.#isTooLongOnly = part.isLastTooLongOnly;
    this.#blanks = part.blanksLast;
  }
}

/** A digest put together from its halves; '' where one is missing. */
const halves = (head: string, tail: string): string => (tail === '' ? '' : head + tail);

const whole = (heads: DigestColumn, tails: DigestColumn, row: number, tailRow: number): string =>
  halves(heads.hex(row), tails.hex(tailRow));
