// What one reading of an export notes of every record: its leaf, its numbers, its id, its time, and where it stands.
import { isUtf8 } from 'node:buffer';
import { FindingList } from '../lines/finding-list.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Place, RecordHandler } from '../lines/record-stream.ts';
import { Strip } from '../lines/strip.ts';
import { UnreadRecords } from '../lines/unread-records.ts';
import type { ExportAdapter } from './adapter.ts';
import { ClockCheck } from './check/clocks.ts';
import { Fingerprints } from './check/fingerprints.ts';
import { NumberCheck } from './check/numbers.ts';
import type { Spot } from './check/numbers.ts';
import type { NormalisedEvent, RecordContext, RecordReader } from './event.ts';
import { placedAt } from './export-findings.ts';
import { Seal } from './seal.ts';

/** Names the file that a finding about a place speaks of, where there are several. */
class FileFindings extends FindingList {
  path: string | null = null;

  override add(finding: Finding): void {
    super.add(this.path === null || finding.path !== undefined ? finding : { ...finding, path: this.path });
  }
}

export const EVERY = 256;
const OPENING_BRACE = 0x7b;

export class ExportPass implements RecordHandler {
  readonly findings = new FileFindings();
  readonly strip = new Strip();
  readonly seal = new Seal();
  readonly numbers = new NumberCheck();
  readonly clocks: ClockCheck;
  readonly fingerprints = new Fingerprints();
  readonly offsets: number[] = [];
  readonly lines: number[] = [];
  #unread = new UnreadRecords(this.findings, this.strip);
  #read: RecordReader;
  #context: RecordContext;
  #path: string | null = null;
  #isCounted = false;
  /** Records of the files before this one. */
  base = 0;
  events = 0;
  unread = 0;
  withId = 0;
  /** Records that hold bytes which are no UTF-8, and the first of them. */
  notUtf8 = 0;
  firstNotUtf8: Spot | null = null;

  constructor(adapter: ExportAdapter) {
    this.clocks = new ClockCheck(adapter.clockTolerance);
    this.#read = adapter.reader(null);
    this.#context = { header: null, delimiter: ',' };
  }

  /** `path`: null where the source is one file. `isCounted`: the text says how long each record is. */
  startFile(path: string | null, read: RecordReader, context: RecordContext, isCounted: boolean): void {
    this.#path = path;
    this.#isCounted = isCounted;
    this.findings.path = path;
    this.#read = read;
    this.#context = context;
    this.#unread = new UnreadRecords(this.findings, this.strip);
    this.clocks.startFile();
  }

  get unreadRecords(): UnreadRecords {
    return this.#unread;
  }

  get isHopeless(): boolean {
    return this.#unread.outnumber(this.events);
  }

  record(bytes: Buffer, start: number, end: number, inFile: Place, complete: boolean): void {
    const place = this.#place(inFile);
    const leaf = this.seal.add(bytes, start, end);
    const event = this.#read(bytes.toString('utf8', start, end), this.#context);
    if (!isUtf8(bytes.subarray(start, end))) {
      this.notUtf8 += 1;
      this.firstNotUtf8 ??= this.#spot(place);
    }
    if (typeof event === 'string') {
      this.unread += 1;
      this.fingerprints.skip();
      // A record that the end of the file cuts off is told from one that is broken.
      this.#unread.malformed(
        place,
        event,
        end - start,
        complete ? (bytes[start] ?? 0) : OPENING_BRACE,
        complete,
      );
      return;
    }
    if (!complete && this.#isCounted) {
      const message =
        'The file ends in the middle of this record, which is shorter than announced: what followed is missing.';
      this.findings.add({ kind: 'TRUNCATED', verdict: 'GAP', ...placedAt(this.#spot(place)), message });
    }
    this.events += 1;
    this.#note(event, leaf, place);
  }

  tooLong(inFile: Place, length: number): void {
    const place = this.#place(inFile);
    this.unread += 1;
    this.seal.addTooLong(length);
    this.fingerprints.skip();
    this.#unread.tooLong(place, length);
  }

  #note(event: NormalisedEvent, leaf: Buffer, place: Place): void {
    const at = this.#spot(place);
    if (event.id === null) this.fingerprints.add(leaf);
    else {
      this.withId += 1;
      this.fingerprints.addText(event.id);
    }
    if (event.sequence !== null) this.numbers.add(event.sequence.stream, event.sequence.value, at);
    if (event.time !== null) this.clocks.add(event.clock, event.time, at);
  }

  #place(inFile: Place): Place {
    const index = this.base + inFile.index;
    if (index % EVERY === 0 && index / EVERY === this.offsets.length) {
      this.offsets.push(inFile.offset);
      this.lines.push(inFile.line);
    }
    return this.base === 0 ? inFile : { ...inFile, index };
  }

  #spot({ index, line, offset }: Place): Spot {
    return { index, line, offset, path: this.#path };
  }
}
