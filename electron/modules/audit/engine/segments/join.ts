// Joins the segments of a log, in order, into the report that one reading of the whole log would have given.
import type { Verified } from '../format.ts';
import { conclude } from '../guardian/conclude.ts';
import type { LogFacts } from '../guardian/conclude.ts';
import { GuardianPass } from '../guardian/guardian-pass.ts';
import { PagePool } from '../lines/page-pool.ts';
import type { TextForm } from '../lines/record-stream.ts';
import type { Segment } from './segment.ts';

export class SegmentJoin {
  readonly #pool = new PagePool();
  readonly #pass = new GuardianPass({ pool: this.#pool });
  #records = 0;
  #lines = 0;
  #end = 0;
  // Blank lines at the end that no record follows yet.
  #blanks = 0;
  #form: TextForm | null = null;

  get records(): number {
    return this.#records;
  }

  /** Adds the next segment; the caller sees to it that it begins where the last one ended. */
  add(segment: Segment): void {
    const base = { records: this.#records, lines: this.#lines, bytes: segment.start };
    this.#pass.pushPacked(segment.pass, base, this.#blanks);
    this.#form = this.#form === null ? segment.form : joinedForms(this.#form, segment, this.#lines);
    this.#blanks = segment.records === 0 ? this.#blanks + segment.trailingBlanks : segment.trailingBlanks;
    this.#records += segment.records;
    this.#lines += segment.lines;
    this.#end = segment.end;
  }

  /** `sha256`: what the report states as the digest of the source. @throws AppError('audit.format_mismatch') */
  conclude(sha256: string, trustedHeads: readonly string[], facts: LogFacts): Verified {
    const reading = {
      form: this.#form ?? EMPTY,
      troubles: [],
      isCompressed: false,
      records: this.#records,
      bytes: this.#end,
      sha256,
      seconds: (performance.now() - facts.began) / 1000,
    };
    return conclude(this.#pass, reading, trustedHeads, facts);
  }

  close(): void {
    this.#pool.close();
  }
}

const EMPTY: TextForm = {
  layout: 'lines',
  byteOrderMarks: 0,
  crlfLines: 0,
  blankLines: 0,
  firstBlankLine: 0,
  endsWithNewline: true,
  isClosed: true,
  trailing: null,
};

const joinedForms = (before: TextForm, { form, start, end }: Segment, lines: number): TextForm => ({
  ...before,
  byteOrderMarks: before.byteOrderMarks + form.byteOrderMarks,
  crlfLines: before.crlfLines + form.crlfLines,
  blankLines: before.blankLines + form.blankLines,
  firstBlankLine:
    before.firstBlankLine > 0 || form.firstBlankLine === 0
      ? before.firstBlankLine
      : form.firstBlankLine + lines,
  // Only the last line of the log can lack a line feed; a part without bytes says nothing.
  endsWithNewline: start === end ? before.endsWithNewline : form.endsWithNewline,
});
