// What a verification of self-hashing records notes on its way, whatever the format: places, findings, unread lines, the strip.
import { verdictClass } from '../../../../../shared/model/verdict.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { PlaceColumn } from '../lines/columns.ts';
import type { PackedPlaces } from '../lines/columns.ts';
import { FindingList } from '../lines/finding-list.ts';
import type { PackedFindings } from '../lines/finding-list.ts';
import { formFindings } from '../lines/form-findings.ts';
import type { PagePool } from '../lines/page-pool.ts';
import type { LogReading } from '../lines/read-log.ts';
import type { Place } from '../lines/record-stream.ts';
import { Strip } from '../lines/strip.ts';
import { UnreadRecords } from '../lines/unread-records.ts';
import { EventJudge } from './event-judge.ts';
import type { EventVerdict, PendingVerdict } from './event-judge.ts';
import { HashedRecordReader } from './hashed-record.ts';
import type { RecordShape } from './hashed-record.ts';
import type { RepairShape } from './repair-variants.ts';

/** Unproven explanations wait for the end of the file; beyond this many they count as altered. */
const MAX_PENDING = 100_000;

/** The notes of one part of a log, to be added to those of the parts before it; indexes and lines count from its start. */
export interface PackedNotes {
  readonly places: PackedPlaces;
  readonly findings: PackedFindings;
  /** The chain finding of the first record whose wording is open, and how many grave findings stand before it. */
  readonly open: { readonly finding: Finding; readonly after: number } | null;
  readonly marks: Int32Array;
  readonly pending: readonly PendingVerdict[];
  readonly unread: number;
  readonly partial: Place | null;
  readonly verified: number;
  readonly provenNumeric: number;
}

/** Where a part begins in the log: records and lines before it, and its first byte. */
export interface Base {
  readonly records: number;
  readonly lines: number;
  readonly bytes: number;
}

export class LogNotes {
  readonly places: PlaceColumn;
  readonly findings = new FindingList();
  readonly strip = new Strip();
  /** Holds the record that was read last. */
  readonly reader: HashedRecordReader;
  readonly #unread = new UnreadRecords(this.findings, this.strip);
  readonly #judge: EventJudge;
  readonly #pending: PendingVerdict[] = [];
  #open: PackedNotes['open'] = null;
  /** Records that could be read. */
  verified = 0;

  /** `isContinuation`: these are the notes of a log's later part. */
  constructor(
    shape: RecordShape,
    repair: RepairShape,
    { isContinuation = false, pool = null }: { isContinuation?: boolean; pool?: PagePool | null } = {},
  ) {
    this.reader = new HashedRecordReader(shape);
    this.places = new PlaceColumn(pool);
    this.#judge = new EventJudge(shape, repair, isContinuation);
  }

  /** See RecordHandler. */
  enterCell(): void {
    this.#judge.enterCell();
  }

  /** See RecordHandler. */
  get isHopeless(): boolean {
    return this.#unread.outnumber(this.verified);
  }

  /** Reads a record; false when the line is none, which then is noted. Parameters as in RecordHandler. */
  read(bytes: Buffer, start: number, end: number, place: Place, complete: boolean): boolean {
    this.places.push(place.offset, place.line);
    const reason = this.reader.read(bytes, start, end);
    if (reason === null) {
      this.verified += 1;
      return true;
    }
    this.#unread.malformed(place, reason, end - start, bytes[start] ?? 0, complete);
    return false;
  }

  tooLong(place: Place, length: number): void {
    this.places.push(place.offset, place.line);
    this.#unread.tooLong(place, length);
  }

  /** Judges the record just read, whose own hash is not the `stored` one. */
  judge(place: Place, stored: string): void {
    const verdict: EventVerdict = this.#judge.judge(this.reader, place, stored);
    if (verdict.kind === 'pending' && this.#pending.length < MAX_PENDING) this.#pending.push(verdict);
    else this.report(verdict.finding);
  }

  /** Notes a finding of a part's first record whose wording depends on the part before. */
  reportOpen(finding: Finding): void {
    this.#open = { finding, after: this.findings.graveCount };
    this.#mark(finding);
  }

  /** Adds a finding about a record, and marks the record on the strip. */
  report(finding: Finding): void {
    this.findings.add(finding);
    this.#mark(finding);
  }

  #mark(finding: Finding): void {
    if (finding.verdict === undefined || finding.index === undefined) return;
    const state = verdictClass(finding.verdict) === 'fail' ? 'failed' : 'attention';
    this.strip.mark(finding.index, finding.count ?? 1, state);
  }

  /** After the last record: what had to wait for it, and what is to be said of the file as a whole. */
  finish(reading: LogReading): void {
    for (const verdict of this.#pending) this.report(this.#judge.settle(verdict));
    const partial = this.#unread.finish(reading);
    for (const finding of formFindings(reading, partial)) this.findings.add(finding);
  }

  /** `from`: the first byte of the part. */
  packed(from: number): PackedNotes {
    const { count, partial } = this.#unread.packed();
    return {
      places: this.places.packed(from),
      findings: this.findings.packed(),
      open: this.#open,
      marks: this.strip.packed(),
      pending: this.#pending,
      unread: count,
      partial,
      verified: this.verified,
      provenNumeric: this.#judge.provenNumeric,
    };
  }

  /** Adds the notes of the part that follows. `message`: the wording of its open finding. */
  pushPacked(part: PackedNotes, base: Base, message: string): void {
    const move = (finding: Finding): Finding => moved(finding, base);
    const { grave, other, counted, worst } = part.findings;
    const after = part.open?.after ?? 0;
    const before = { grave: grave.slice(0, after), other: [], counted: after, worst };
    this.findings.pushPacked(after === 0 ? NOTHING : before, move);
    if (part.open !== null) this.findings.add({ ...move(part.open.finding), message });
    const rest = { grave: grave.slice(after), other, counted: counted - after, worst };
    this.findings.pushPacked(rest, move);
    this.places.pushPacked(part.places, base.bytes, base.lines);
    this.strip.pushPacked(part.marks, base.records);
    for (const verdict of part.pending) {
      if (this.#pending.length < MAX_PENDING)
        this.#pending.push({ ...verdict, finding: move(verdict.finding) });
      else this.report(move(verdict.finding));
    }
    const { partial } = part;
    this.#unread.pushPacked(
      part.unread,
      partial === null
        ? null
        : { ...partial, index: partial.index + base.records, line: partial.line + base.lines },
    );
    this.verified += part.verified;
    this.#judge.provenNumeric += part.provenNumeric;
  }
}

const NOTHING: PackedFindings = { grave: [], other: [], counted: 0, worst: null };

/** A part's finding as one of the whole log; offsets are those of the log already. */
const moved = (finding: Finding, base: Base): Finding => ({
  ...finding,
  ...(finding.index === undefined ? {} : { index: finding.index + base.records }),
  ...(finding.line === undefined ? {} : { line: finding.line + base.lines }),
});
