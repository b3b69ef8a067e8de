// Whether sequence numbers and clocks of the entries run on, and what the header says of the first and last of them.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { EntryTable } from './entries.ts';
import { entryHead } from './entries.ts';
import { ALTERED, timeText } from './file-report.ts';
import type { JournalBytes } from './layout.ts';
import type { ObjectList } from './object-walk.ts';

export interface EntryOrder {
  readonly findings: readonly Finding[];
  readonly gaps: readonly (readonly [number, number])[];
}

const MAX_GAPS = 1000;

/** `isSealedGood(row)`: a good tag covers the entry, so that it is as the machine wrote it. */
export const checkOrder = (
  bytes: JournalBytes,
  objects: ObjectList,
  table: EntryTable,
  isSealedGood: (row: number) => boolean,
): EntryOrder => {
  const findings: Finding[] = [];
  const gaps: [number, number][] = [];
  let last: ReturnType<typeof entryHead> | null = null;
  for (const [row, object] of table.entryObjects.entries()) {
    const at = objects.at(object);
    const head = entryHead(bytes, at);
    if (last !== null) {
      const place = { index: row, byteOffset: at };
      const bears = isSealedGood(row) ? {} : ({ verdict: 'TAMPERED' } as const);
      if (head.seqnum <= last.seqnum) {
        findings.push({
          kind: 'LINK_BREAK',
          ...bears,
          ...place,
          expected: `more than ${last.seqnum}`,
          actual: String(head.seqnum),
          message: `Entry ${row} has the sequence number ${head.seqnum} after ${last.seqnum}: numbers only rise. ${ALTERED}`,
        });
      } else if (head.seqnum > last.seqnum + 1 && gaps.length < MAX_GAPS) {
        gaps.push([last.seqnum, head.seqnum]);
      }
      if (head.bootId === last.bootId && head.monotonic < last.monotonic) {
        findings.push({
          kind: 'CLOCK_REGRESSION',
          ...bears,
          ...place,
          expected: `at least ${last.monotonic}`,
          actual: String(head.monotonic),
          message: `Entry ${row} has an earlier monotonic time than the entry before it, within one boot: that clock can't be set back. ${ALTERED}`,
        });
      }
      if (head.realtime < last.realtime) {
        findings.push({
          kind: 'CLOCK_REGRESSION',
          ...place,
          message: `The clock of entry ${row} (${timeText(head.realtime)}) is behind that of the entry before it (${timeText(last.realtime)}). It may have been set.`,
        });
      }
    }
    last = head;
  }
  return { findings, gaps };
};
