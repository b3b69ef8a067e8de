// What happens to each record while a Guardian log streams by: its hashes are checked, its links are noted.
import { GUARDIAN_FIELDS, GUARDIAN_HASH_FIELDS } from '../../../../../shared/chain/guardian-record.ts';
import type { PagePool } from '../lines/page-pool.ts';
import type { Place, RecordHandler } from '../lines/record-stream.ts';
import type { RecordShape } from './hashed-record.ts';
import { LinkTracker } from './link-tracker.ts';
import { LogNotes } from './log-notes.ts';
import type { Base, PackedNotes } from './log-notes.ts';
import type { PackedLinks } from './packed-links.ts';
import { checkRecord, settleBorder } from './record-check.ts';
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
  readonly notes: LogNotes;
  readonly links: LinkTracker;
  // false until the record before the one at hand is known.
  #hasBefore: boolean;

  /** `isContinuation`: what streams by is a later part of a log. `pool`: where full pages of columns wait. */
  constructor({
    isContinuation = false,
    pool = null,
  }: { isContinuation?: boolean; pool?: PagePool | null } = {}) {
    this.notes = new LogNotes(GUARDIAN_SHAPE, GUARDIAN_REPAIR, { isContinuation, pool });
    this.links = new LinkTracker(pool);
    this.#hasBefore = !isContinuation;
  }

  get isHopeless(): boolean {
    return this.notes.isHopeless;
  }

  enterCell(): void {
    this.notes.enterCell();
    this.links.enterCell();
  }

  record(bytes: Buffer, start: number, end: number, place: Place, complete: boolean): void {
    if (!this.notes.read(bytes, start, end, place, complete)) {
      this.links.addUnreadable(false, place.blanksBefore);
      return;
    }
    const link = checkRecord(this.notes, place, this.#hasBefore ? this.links.lastChain : null);
    this.#hasBefore = true;
    this.links.add(place.index, link, place.blanksBefore);
  }

  tooLong(place: Place, length: number): void {
    this.notes.tooLong(place, length);
    this.links.addUnreadable(true, place.blanksBefore);
  }

  /** `from`: the first byte of the part. */
  packed(from: number): PackedPass {
    return { notes: this.notes.packed(from), links: this.links.packed() };
  }

  /** Adds the part that follows. `blanksBefore`: blank lines between its first record and the last one of all before. */
  pushPacked(part: PackedPass, base: Base, blanksBefore: number): void {
    const { border } = part.links;
    const settled =
      border === null ? { isParentAltered: false, message: '' } : settleBorder(border, this.links.lastChain);
    this.notes.pushPacked(part.notes, base, settled.message);
    this.links.pushPacked(part.links, blanksBefore, settled.isParentAltered);
  }
}

/** What a part of a log gave, as plain data. */
export interface PackedPass {
  readonly notes: PackedNotes;
  readonly links: PackedLinks;
}
