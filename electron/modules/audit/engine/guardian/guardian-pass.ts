// What happens to each record while a Guardian log streams by: its hashes are checked, its links are noted.
import { GUARDIAN_FIELDS, GUARDIAN_HASH_FIELDS } from '../../../../../shared/chain/guardian-record.ts';
import type { Place, RecordHandler } from '../lines/record-stream.ts';
import type { RecordShape } from './hashed-record.ts';
import { LinkTracker } from './link-tracker.ts';
import { LogNotes } from './log-notes.ts';
import { checkRecord } from './record-check.ts';
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

export class GuardianPass implements RecordHandler {
  readonly notes = new LogNotes(GUARDIAN_SHAPE, GUARDIAN_REPAIR);
  readonly links = new LinkTracker();
  /** The last record that could be read. */
  lastIndex = 0;

  get isHopeless(): boolean {
    return this.notes.isHopeless;
  }

  record(bytes: Buffer, start: number, end: number, place: Place, complete: boolean): void {
    if (!this.notes.read(bytes, start, end, place, complete)) {
      this.links.addUnreadable(false, place.blanksBefore);
      return;
    }
    const link = checkRecord(this.notes, place, this.links.lastChain);
    this.links.add(place.index, link, place.blanksBefore);
    this.lastIndex = place.index;
  }

  tooLong(place: Place, length: number): void {
    this.notes.tooLong(place, length);
    this.links.addUnreadable(true, place.blanksBefore);
  }
}
