// What an opening writes into the journal when the ends it finds don't agree, so that a second opening can't hide it.
import type { EntryInput } from './entry.ts';
import { HEAD_MISMATCH } from './check.ts';
import { sameHead } from './head.ts';
import type { Head, ReadHead } from './head.ts';

export interface FoundHeads {
  /** The last row of the table. */
  readonly last: Head;
  /** The sealed head in the database. */
  readonly sealed: ReadHead;
  /** The sealed head beside it. */
  readonly file: ReadHead;
  /** The chain hash of the row that the file's head names; null for none. */
  readonly atFileHead: string | null;
}

const mismatch = ({ last, sealed, file, atFileHead }: FoundHeads): string | null => {
  if (sealed.state !== 'sealed') return `the seal in vault.db is ${sealed.state}.`;
  if (!sameHead(sealed.head, last))
    return `vault.db ends with entry ${last.seq} and was sealed with entry ${sealed.head.seq}.`;
  if (file.state !== 'sealed') return `journal-head.json is ${file.state}.`;
  if (file.head.seq > last.seq)
    return `vault.db ends with entry ${last.seq} and journal-head.json knows entry ${file.head.seq}.`;
  if (file.head.chainHash !== atFileHead)
    return `entry ${file.head.seq} is not the one that journal-head.json knows.`;
  if (file.head.seq < last.seq - 1) {
    return `journal-head.json is ${last.seq - file.head.seq} entries behind, more than an interruption leaves.`;
  }
  return null;
};

const headDetail = (name: string, head: ReadHead): EntryInput['detail'] =>
  head.state === 'sealed'
    ? { [`${name}_seq`]: head.head.seq, [`${name}_head`]: head.head.chainHash }
    : { [`${name}_state`]: head.state };

/**
 * Null when all agree. One entry behind is what a crash between the commit and the side file leaves: that is no
 * mismatch, but it is said. Everything else stays on record for good, and every later check repeats it.
 */
export const headEntry = (found: FoundHeads): EntryInput | null => {
  const common = { eventType: 'journal', principal: 'probity', resource: null } as const;
  const reason = mismatch(found);
  const detail = {
    journal_seq: found.last.seq,
    journal_head: found.last.chainHash,
    ...headDetail('sealed', found.sealed),
    ...headDetail('file', found.file),
  };
  if (reason !== null)
    return { ...common, action: HEAD_MISMATCH, result: 'failure', detail: { reason, ...detail } };
  if (found.file.state === 'sealed' && found.file.head.seq === found.last.seq - 1) {
    return { ...common, action: 'journal.head_recovered', result: 'success', detail };
  }
  return null;
};
