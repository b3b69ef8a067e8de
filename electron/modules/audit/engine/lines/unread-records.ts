// Lines that are no record: what is said of them, and which one the end of the file cuts off.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { FindingList } from './finding-list.ts';
import type { LogReading } from './read-log.ts';
import type { Place } from './record-stream.ts';
import type { Strip } from './strip.ts';

/** A place in the form of a finding. */
export const placed = (place: Place): Pick<Finding, 'index' | 'line' | 'byteOffset'> => ({
  index: place.index,
  line: place.line,
  byteOffset: place.offset,
});

/** A stored hash as a finding quotes it: a hostile file may hold megabytes there. */
export const quoted = (stored: string): string => (stored.length > 128 ? `${stored.slice(0, 128)}…` : stored);

const OPENING_BRACE = 0x7b;
const MANY = 1_000_000;

export class UnreadRecords {
  readonly #findings: FindingList;
  readonly #strip: Strip;
  #partial: Place | null = null;
  #count = 0;

  constructor(findings: FindingList, strip: Strip) {
    this.#findings = findings;
    this.#strip = strip;
  }

  /** Whether they are too many beside the records that could be read. */
  outnumber(verified: number): boolean {
    return this.#count > MANY && this.#count > verified;
  }

  /** `first`: the first byte of the line. `complete`: see RecordHandler. */
  malformed(place: Place, reason: string, length: number, first: number, complete: boolean): void {
    this.#count += 1;
    this.#strip.mark(place.index, 1, 'uncovered');
    if (!complete && first === OPENING_BRACE) {
      this.#partial = place;
      return;
    }
    const message = `This line of ${length} bytes is no record: ${reason}. It was not verified.`;
    this.#findings.add({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...placed(place), message });
  }

  tooLong(place: Place, length: number): void {
    this.#count += 1;
    this.#strip.mark(place.index, 1, 'uncovered');
    const message = `This record is ${length} bytes long; records of more than 16 MiB are not read. It was not verified.`;
    this.#findings.add({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...placed(place), message });
  }

  /** How many, and the record that the end of the text cuts off. */
  packed(): { readonly count: number; readonly partial: Place | null } {
    return { count: this.#count, partial: this.#partial };
  }

  /** Adds what a later part of the log has. */
  pushPacked(count: number, partial: Place | null): void {
    this.#count += count;
    this.#partial = partial ?? this.#partial;
  }

  /** After the last record; answers the index of the record that is cut off, or null. */
  finish(reading: LogReading): number | null {
    const partial = this.#partial;
    if (partial === null) return null;
    if (reading.troubles.some(({ kind }) => kind === 'truncated')) return partial.index;
    this.#findings.add({
      kind: 'TRUNCATED',
      verdict: 'GAP',
      ...placed(partial),
      message:
        'The file ends in the middle of this record: it is cut off here, and what followed is missing.',
    });
    return partial.index;
  }
}
