// What happens to each record while a Guardian log streams by: its hashes are checked, its links are noted.
import { verdictClass } from '../../../../../shared/model/verdict.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { GUARDIAN_FIELDS, GUARDIAN_HASH_FIELDS } from '../../../../../shared/chain/guardian-record.ts';
import { PlaceColumn } from '../lines/columns.ts';
import { FindingList } from '../lines/finding-list.ts';
import type { Place, RecordHandler } from '../lines/record-stream.ts';
import { Strip } from '../lines/strip.ts';
import { UnreadRecords } from '../lines/unread-records.ts';
import { EventJudge } from './event-judge.ts';
import type { PendingVerdict } from './event-judge.ts';
import { HashedRecordReader } from './hashed-record.ts';
import type { RecordShape } from './hashed-record.ts';
import { LinkTracker } from './link-tracker.ts';
import { RecordCheck } from './record-check.ts';
import type { RepairShape } from './repair-variants.ts';

export const GUARDIAN_SHAPE: RecordShape = {
  hashFields: GUARDIAN_HASH_FIELDS,
  // previous_hash may be missing where a tool drops nulls.
  required: ['event_hash', 'chain_hash'],
  idField: 'event_id',
};

export const GUARDIAN_REPAIR: RepairShape = {
  fields: GUARDIAN_FIELDS,
  dictField: 'additional_data',
  timestampField: 'timestamp',
};

/** Unproven explanations wait for the end of the file; beyond this many they count as altered. */
const MAX_PENDING = 100_000;

export class GuardianPass implements RecordHandler {
  readonly places = new PlaceColumn();
  readonly links = new LinkTracker();
  readonly findings = new FindingList();
  readonly strip = new Strip();
  readonly unread = new UnreadRecords(this.findings, this.strip);
  readonly #judge = new EventJudge(GUARDIAN_SHAPE, GUARDIAN_REPAIR);
  readonly #reader = new HashedRecordReader(GUARDIAN_SHAPE);
  readonly #pending: PendingVerdict[] = [];
  readonly #check = new RecordCheck(this.#judge, {
    finding: (finding) => this.report(finding),
    pending: (verdict) => {
      if (this.#pending.length < MAX_PENDING) this.#pending.push(verdict);
      else this.report(verdict.finding);
    },
  });
  /** Records that could be read. */
  verified = 0;
  lastIndex = 0;

  record(bytes: Buffer, start: number, end: number, place: Place, complete: boolean): void {
    this.places.push(place.offset, place.line);
    const refusal = this.#reader.read(bytes, start, end);
    if (refusal !== null) {
      this.links.addUnreadable(false, place.blanksBefore);
      this.unread.malformed(place, refusal, end - start, bytes[start] ?? 0, complete);
      return;
    }
    const link = this.#check.check(this.#reader, place, this.links.lastChain);
    this.links.add(place.index, link, place.blanksBefore);
    this.verified += 1;
    this.lastIndex = place.index;
  }

  tooLong(place: Place, length: number): void {
    this.places.push(place.offset, place.line);
    this.links.addUnreadable(true, place.blanksBefore);
    this.unread.tooLong(place, length);
  }

  /** Adds a finding about a record, and marks the record on the strip. */
  report(finding: Finding): void {
    this.findings.add(finding);
    if (finding.verdict === undefined || finding.index === undefined) return;
    const state = verdictClass(finding.verdict) === 'fail' ? 'failed' : 'attention';
    this.strip.mark(finding.index, finding.count ?? 1, state);
  }

  /** Judges what had to wait for the end of the file. */
  settle(): void {
    for (const verdict of this.#pending) this.report(this.#judge.settle(verdict));
  }
}
