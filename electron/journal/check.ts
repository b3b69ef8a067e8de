// Walks the whole journal and every record it vouches for, and says in plain words what doesn't hold.
import type { JournalStatus } from '../../shared/model/journal.ts';
import { entryFault, readLine } from './entry.ts';
import type { EntryLine, EntryRow } from './entry.ts';
import { sameHead } from './head.ts';
import type { Head, ReadHead } from './head.ts';
import { recordDigest } from './record-digest.ts';
import type { DigestedRecord } from './record-digest.ts';

export type Problem = JournalStatus['problems'][number];

export interface CheckedRecord extends DigestedRecord {
  readonly digest: string;
  readonly seq: number;
}

export interface CheckResult {
  readonly entries: number;
  readonly head: string | null;
  readonly intact: boolean;
  readonly problems: readonly Problem[];
}

/** The action of the entry that keeps a mismatch of the head on record; see `head-entries.ts`. */
export const HEAD_MISMATCH = 'journal.head_mismatch';

/** More than this would only fill the memory: the last line counts the rest. */
const MAX_PROBLEMS = 1000;

interface Vouched {
  readonly kind: string;
  readonly id: string;
  readonly seq: number;
  /** null: removed. */
  readonly digest: string | null;
}

// A space can't stand in a kind, so no two records share a key.
const keyOf = (kind: string, id: string): string => `${kind} ${id}`;

const HEAD_WORDS: Readonly<Record<Exclude<ReadHead['state'], 'sealed'>, string>> = {
  absent: 'is missing',
  unreadable: 'can not be read',
  forged: 'was not written by Probity with the key of this workspace',
};

/**
 * One walk: first every entry in order, then every record, then `finish`. It finds what was changed by someone who can
 * write the database, even with its key: an edited, added, removed or moved entry, a record that isn't what its latest
 * entry vouches for, and an end of the journal that isn't the sealed one. It can't find that the whole folder, sealed
 * ends included, was put back to an earlier state, nor what someone does who has the root key and this program: for
 * that, keep a head (the export shows it) somewhere else.
 */
export class JournalCheck {
  readonly #problems: Problem[] = [];
  #omitted = 0;
  #last: Head = { seq: 0, chainHash: null };
  readonly #vouched = new Map<string, Vouched>();
  readonly #fileHead: ReadHead;
  /** The chain hash of the entry that the file's head names, once it was walked over. */
  #atFileHead: string | null = null;

  /** `fileHead` must have been read before the database's snapshot was taken: a commit writes it last. */
  constructor(fileHead: ReadHead) {
    this.#fileHead = fileHead;
  }

  #problem(seq: number | null, record: string | null, message: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ seq, record, message });
    else this.#omitted += 1;
  }

  entry(row: EntryRow): void {
    const line = readLine(row.line);
    const { seq } = row;
    const expected = this.#last.seq + 1;
    if (seq !== expected) {
      const gap =
        seq === expected + 1
          ? `Entry ${expected} is missing`
          : `Entries ${expected} to ${seq - 1} are missing`;
      this.#problem(seq, null, `${gap}: the numbers go from ${this.#last.seq} to ${seq}.`);
    }
    const fault = entryFault(row, line);
    if (fault !== null) this.#problem(seq, null, `Entry ${seq} was changed: ${fault}.`);
    // Compared also when entries are missing: then it names the entry that should have been there.
    if (row.previousHash !== this.#last.chainHash) {
      this.#problem(seq, null, `Entry ${seq} does not follow the entry before it: the chain is broken here.`);
    }
    if (line !== null) this.#vouch(seq, line);
    if (this.#fileHead.state === 'sealed' && this.#fileHead.head.seq === seq)
      this.#atFileHead = row.chainHash;
    this.#last = { seq, chainHash: row.chainHash };
  }

  #vouch(seq: number, line: EntryLine): void {
    for (const mark of line.additional_data.records) {
      const digest = 'removed' in mark ? null : mark.digest;
      this.#vouched.set(keyOf(mark.kind, mark.id), { kind: mark.kind, id: mark.id, seq, digest });
      if (mark.found_altered === true) {
        this.#problem(
          seq,
          mark.id,
          `Entry ${seq} replaced or removed a ${mark.kind} that had been changed outside Probity.`,
        );
      }
    }
    if (line.action === HEAD_MISMATCH) {
      const { reason } = line.additional_data.detail;
      this.#problem(
        seq,
        null,
        `Entry ${seq} records that the journal was set back or its seal was changed: ${String(reason)}`,
      );
    }
  }

  record(row: CheckedRecord): void {
    const key = keyOf(row.kind, row.id);
    const vouched = this.#vouched.get(key);
    this.#vouched.delete(key);
    const say = (seq: number | null, message: string): void => this.#problem(seq, row.id, message);
    if (vouched === undefined) {
      say(null, `A ${row.kind} was added outside Probity: no entry of the journal names it.`);
    } else if (vouched.digest === null) {
      say(vouched.seq, `A ${row.kind} that was removed in entry ${vouched.seq} is there again.`);
    } else if (recordDigest(row) !== vouched.digest) {
      say(
        vouched.seq,
        `A ${row.kind} was changed outside Probity: it is not what entry ${vouched.seq} vouches for.`,
      );
    } else if (row.digest !== vouched.digest || row.seq !== vouched.seq) {
      say(
        vouched.seq,
        `A ${row.kind} names another entry or digest than entry ${vouched.seq}, which vouches for it.`,
      );
    }
  }

  /** `sealed` is the head that the database holds. */
  finish(sealed: ReadHead): CheckResult {
    for (const { kind, id, seq, digest } of this.#vouched.values()) {
      if (digest !== null) this.#problem(seq, id, `A ${kind} is missing: entry ${seq} vouches for it.`);
    }
    this.#checkHeads(sealed);
    if (this.#omitted > 0)
      this.#problems.push({
        seq: null,
        record: null,
        message: `${this.#omitted} more problems are not listed.`,
      });
    const { seq, chainHash } = this.#last;
    return { entries: seq, head: chainHash, intact: this.#problems.length === 0, problems: this.#problems };
  }

  #checkHeads(sealed: ReadHead): void {
    if (sealed.state !== 'sealed') {
      this.#problem(null, null, `The seal of the journal's end in the database ${HEAD_WORDS[sealed.state]}.`);
    } else if (!sameHead(sealed.head, this.#last)) {
      const message = `The journal ends with entry ${this.#last.seq}, but was sealed with entry ${sealed.head.seq}.`;
      this.#problem(null, null, message);
    }
    const file = this.#fileHead;
    if (file.state !== 'sealed') {
      this.#problem(null, null, `The file journal-head.json ${HEAD_WORDS[file.state]}.`);
    } else if (file.head.seq > this.#last.seq) {
      const message = `The journal ends with entry ${this.#last.seq}, but journal-head.json knows entry ${file.head.seq}: entries were taken away, or an older copy of vault.db was put back.`;
      this.#problem(null, null, message);
    } else if (file.head.chainHash !== this.#atFileHead) {
      this.#problem(
        file.head.seq,
        null,
        `Entry ${file.head.seq} is not the one that journal-head.json knows.`,
      );
    }
  }
}
