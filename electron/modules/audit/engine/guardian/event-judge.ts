// Judges a record whose own hash differs: harmlessly re-written, or altered. Shared by all formats that hash this way.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Place } from '../lines/record-stream.ts';
import { placed, quoted } from '../lines/unread-records.ts';
import { withoutMembers } from './hashed-record.ts';
import type { HashedRecordReader, RecordShape } from './hashed-record.ts';
import { shortList, type RepairShape } from './repair-variants.ts';
import { FIRST_BUDGET, LATER_BUDGET, RepairSearch } from './repair-search.ts';

/** A rounded integer may explain the difference: it can only be judged when the whole file was seen. */
export interface PendingVerdict {
  readonly kind: 'pending';
  /** What holds when nothing in the file was re-written. */
  readonly finding: Finding;
  readonly paths: readonly string[];
}

export type EventVerdict = { readonly kind: 'finding'; readonly finding: Finding } | PendingVerdict;

/** Characters of one step of a repair in a message. */
const MAX_STEP = 500;
const MAX_MESSAGES = 1000;

export class EventJudge {
  readonly #hashFields: readonly string[];
  readonly #repair: RepairShape;
  #search: RepairSearch;
  readonly #messages = new Map<string, string>();
  /** Records for which a re-writing of numbers was proven. */
  provenNumeric = 0;

  /** `isContinuation`: the records are those of a log's later cells. */
  constructor(shape: RecordShape, repair: RepairShape, isContinuation = false) {
    this.#hashFields = shape.hashFields;
    this.#repair = repair;
    this.#search = new RepairSearch(repair, isContinuation ? LATER_BUDGET : FIRST_BUDGET);
  }

  /** See RecordHandler: what was learnt from earlier records must not tell on the next ones. */
  enterCell(): void {
    this.#search = new RepairSearch(this.#repair, LATER_BUDGET);
  }

  judge(reader: HashedRecordReader, place: Place, stored: string): EventVerdict {
    const body = withoutMembers(reader.tree(), this.#hashFields);
    const outcome = this.#search.search(body, reader.body().length, stored);
    const facts = { ...placed(place), expected: quoted(stored), actual: reader.recomputed };
    if (outcome.kind === 'repaired') {
      if (outcome.isNumeric) this.provenNumeric += 1;
      const how = shortList(outcome.steps, '; ', MAX_STEP);
      const message = this.#once(
        `The stored hash is reproduced exactly with ${how}. The content is what was hashed; the file was re-written on its way.`,
      );
      return {
        kind: 'finding',
        finding: { kind: 'REPAIRED', verdict: 'MISMATCH_EXPLAINED', ...facts, message },
      };
    }
    const finding: Finding = {
      kind: 'EVENT_HASH_MISMATCH',
      verdict: 'TAMPERED',
      ...facts,
      message: this.#once(
        `The record's content does not give its stored ${this.#hashFields[0]}, and no harmless re-writing reproduces it: the content or the hash was altered.`,
      ),
    };
    return outcome.kind === 'unproven'
      ? { kind: 'pending', finding, paths: outcome.paths }
      : { kind: 'finding', finding };
  }

  /** The same text as the same string: a file may have a hundred thousand findings of one kind. */
  #once(message: string): string {
    const known = this.#messages.get(message);
    if (known !== undefined) return known;
    if (this.#messages.size < MAX_MESSAGES) this.#messages.set(message, message);
    return message;
  }

  /** The final word on a pending record, once all records were seen. */
  settle(pending: PendingVerdict): Finding {
    if (this.provenNumeric === 0) return pending.finding;
    const others = `${this.provenNumeric} other ${this.provenNumeric === 1 ? 'record was' : 'records were'}`;
    return {
      ...pending.finding,
      verdict: 'MISMATCH_EXPLAINED',
      message: `Explained, not proven: the integer at ${shortList(pending.paths, ', ')} looks rounded, as by the tool through which ${others} proven to have passed; the original digits are lost, so the hash can't be reproduced.`,
    };
  }
}
