// What a verification of self-hashing records notes on its way, whatever the format: places, findings, unread lines, the strip.
import { verdictClass } from '../../../../../shared/model/verdict.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { PlaceColumn } from '../lines/columns.ts';
import { FindingList } from '../lines/finding-list.ts';
import { formFindings } from '../lines/form-findings.ts';
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

export class LogNotes {
  readonly places = new PlaceColumn();
  readonly findings = new FindingList();
  readonly strip = new Strip();
  /** Holds the record that was read last. */
  readonly reader: HashedRecordReader;
  readonly #unread = new UnreadRecords(this.findings, this.strip);
  readonly #judge: EventJudge;
  readonly #pending: PendingVerdict[] = [];
  /** Records that could be read. */
  verified = 0;

  constructor(shape: RecordShape, repair: RepairShape) {
    this.reader = new HashedRecordReader(shape);
    this.#judge = new EventJudge(shape, repair);
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

  /** Adds a finding about a record, and marks the record on the strip. */
  report(finding: Finding): void {
    this.findings.add(finding);
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
}
