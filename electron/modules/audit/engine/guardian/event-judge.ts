// Judges a record whose own hash differs: harmlessly re-written, or altered. Shared by all formats that hash this way.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Place } from '../lines/record-stream.ts';
import { placed } from '../lines/unread-records.ts';
import { withoutMembers } from './hashed-record.ts';
import type { HashedRecordReader, RecordShape } from './hashed-record.ts';
import { RepairSearch } from './repair-search.ts';
import type { RepairShape } from './repair-variants.ts';

/** A rounded integer may explain the difference: it can only be judged when the whole file was seen. */
export interface PendingVerdict {
  readonly kind: 'pending';
  /** What holds when nothing in the file was re-written. */
  readonly finding: Finding;
  readonly paths: readonly string[];
}

export type EventVerdict = { readonly kind: 'finding'; readonly finding: Finding } | PendingVerdict;

export class EventJudge {
  readonly #hashFields: readonly string[];
  readonly #search: RepairSearch;
  /** Records for which a re-writing of numbers was proven. */
  provenNumeric = 0;

  constructor(shape: RecordShape, repair: RepairShape) {
    this.#hashFields = shape.hashFields;
    this.#search = new RepairSearch(repair);
  }

  judge(reader: HashedRecordReader, place: Place, stored: string): EventVerdict {
    const body = withoutMembers(reader.tree(), this.#hashFields);
    const outcome = this.#search.search(body, reader.body().length, stored);
    const facts = { ...placed(place), expected: stored, actual: reader.recomputed };
    if (outcome.kind === 'repaired') {
      if (outcome.isNumeric) this.provenNumeric += 1;
      const how = outcome.steps.join('; ');
      const message = `The stored hash is reproduced exactly with ${how}. The content is what was hashed; the file was re-written on its way.`;
      return { kind: 'finding', finding: { kind: 'REPAIRED', verdict: 'MISMATCH_EXPLAINED', ...facts, message } };
    }
    const finding: Finding = {
      kind: 'EVENT_HASH_MISMATCH',
      verdict: 'TAMPERED',
      ...facts,
      message: `The record's content does not give its stored ${this.#hashFields[0]}, and no harmless re-writing reproduces it: the content or the hash was altered.`,
    };
    return outcome.kind === 'unproven' ? { kind: 'pending', finding, paths: outcome.paths } : { kind: 'finding', finding };
  }

  /** The final word on a pending record, once all records were seen. */
  settle(pending: PendingVerdict): Finding {
    if (this.provenNumeric === 0) return pending.finding;
    const others = `${this.provenNumeric} other ${this.provenNumeric === 1 ? 'record was' : 'records were'}`;
    return {
      ...pending.finding,
      verdict: 'MISMATCH_EXPLAINED',
      message: `Explained, not proven: the integer at ${pending.paths.join(', ')} looks rounded, as by the tool through which ${others} proven to have passed; the original digits are lost, so the hash can't be reproduced.`,
    };
  }
}
