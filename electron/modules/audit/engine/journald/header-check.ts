// Compares what the header of a journal counts and points to with what is in the file.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { EntryTable } from './entries.ts';
import { entryHead } from './entries.ts';
import { ALTERED } from './file-report.ts';
import { DATA, ENTRY, ENTRY_ARRAY, FIELD, STATE_ONLINE, TAG, TAIL_ENTRY_BOOT_ID } from './layout.ts';
import type { JournalBytes, JournalHeader } from './layout.ts';
import type { ObjectList } from './object-walk.ts';

/** For a file that is all there. In a file that was not closed the header may be behind: remarks only. */
export const checkHeader = (
  bytes: JournalBytes,
  header: JournalHeader,
  objects: ObjectList,
  table: EntryTable,
): Finding[] => {
  const findings: Finding[] = [];
  const bears = header.state === STATE_ONLINE ? {} : ({ verdict: 'TAMPERED' } as const);
  const compare = (at: number, what: string, stored: number | null, found: number): void => {
    if (stored === null || stored === found) return;
    findings.push({
      kind: 'MALFORMED',
      ...bears,
      byteOffset: at,
      expected: String(stored),
      actual: String(found),
      message:
        header.state === STATE_ONLINE
          ? `The header says ${what} ${stored}, the file has ${found}. The file was not closed (copied while it was written, or after a crash), and then the header may be behind.`
          : `The header says ${what} ${stored}, the file has ${found}. ${ALTERED}`,
    });
  };
  const counts = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < objects.length; i += 1) {
    const type = objects.type(i);
    counts[type] = (counts[type] ?? 0) + 1;
  }
  const count = (type: number): number => counts[type] ?? 0;
  compare(
    136,
    'its last object stands at',
    header.tailObject,
    objects.length === 0 ? 0 : objects.at(objects.length - 1),
  );
  compare(144, 'the number of objects is', header.objects, objects.length);
  compare(152, 'the number of entries is', header.entries, count(ENTRY));
  compare(208, 'the number of DATA objects is', header.dataObjects, count(DATA));
  compare(216, 'the number of FIELD objects is', header.fields, count(FIELD));
  compare(224, 'the number of tags is', header.tags, count(TAG));
  compare(232, 'the number of entry arrays is', header.entryArrays, count(ENTRY_ARRAY));
  const firstObject = table.entryObjects[0];
  const lastObject = table.entryObjects.at(-1);
  if (firstObject === undefined || lastObject === undefined) return findings;
  const first = entryHead(bytes, objects.at(firstObject));
  const last = entryHead(bytes, objects.at(lastObject));
  compare(168, 'the first sequence number is', header.headSeqnum, first.seqnum);
  compare(160, 'the last sequence number is', header.tailSeqnum, last.seqnum);
  compare(184, 'the time of the first entry is', header.headRealtime, first.realtime);
  compare(192, 'the time of the last entry is', header.tailRealtime, last.realtime);
  if ((header.compatible & TAIL_ENTRY_BOOT_ID) !== 0 && header.tailBootId === last.bootId) {
    compare(200, 'the monotonic time of the last entry is', header.tailMonotonic, last.monotonic);
  }
  return findings;
};
