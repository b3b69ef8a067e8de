// What a verification notes on its way, whatever the recipe: places, findings, lines that are no records, the strip.
import { verdictClass } from '../../../../../shared/model/verdict.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { PlaceColumn } from '../lines/columns.ts';
import { FindingList } from '../lines/finding-list.ts';
import { formFindings } from '../lines/form-findings.ts';
import type { LogReading } from '../lines/read-log.ts';
import type { Place } from '../lines/record-stream.ts';
import { Strip } from '../lines/strip.ts';
import { UnreadRecords } from '../lines/unread-records.ts';

const OPENING_BRACE = 0x7b;
const MAX_TEXTS = 1000;

export class Notes {
  readonly places = new PlaceColumn();
  readonly findings = new FindingList();
  readonly strip = new Strip();
  readonly #unread = new UnreadRecords(this.findings, this.strip);
  readonly #isTable: boolean;
  readonly #texts = new Map<string, string>();
  /** Records that could be read. */
  verified = 0;

  constructor(isTable: boolean) {
    this.#isTable = isTable;
  }

  /** See RecordHandler. */
  get isHopeless(): boolean {
    return this.#unread.outnumber(this.verified);
  }

  /** See UnreadRecords.malformed; a row that the end of the file cuts off counts as such whatever it begins with. */
  malformed(
    place: Place,
    reason: string,
    bytes: Buffer,
    start: number,
    end: number,
    complete: boolean,
  ): void {
    const first = this.#isTable ? OPENING_BRACE : (bytes[start] ?? 0);
    this.#unread.malformed(place, reason, end - start, first, complete);
  }

  tooLong(place: Place, length: number): void {
    this.places.push(place.offset, place.line);
    this.#unread.tooLong(place, length);
  }

  /** Adds a finding about a record, and marks the record on the strip. */
  report(finding: Finding): void {
    this.findings.add({ ...finding, message: this.#once(finding.message) });
    if (finding.verdict === undefined || finding.index === undefined) return;
    const state = verdictClass(finding.verdict) === 'fail' ? 'failed' : 'attention';
    this.strip.mark(finding.index, finding.count ?? 1, state);
  }

  /** Where a record stands, for a finding. */
  at(index: number): Pick<Finding, 'index' | 'line' | 'byteOffset'> {
    return { index, line: this.places.line(index), byteOffset: this.places.offset(index) };
  }

  /** After the last record: what is to be said of the file as a whole. */
  finish(reading: LogReading): void {
    const partial = this.#unread.finish(reading);
    for (const finding of formFindings(reading, partial)) this.findings.add(finding);
  }

  /** The same text as the same string: a file may have a hundred thousand findings of one kind. */
  #once(message: string): string {
    const known = this.#texts.get(message);
    if (known !== undefined) return known;
    if (this.#texts.size < MAX_TEXTS) this.#texts.set(message, message);
    return message;
  }
}
