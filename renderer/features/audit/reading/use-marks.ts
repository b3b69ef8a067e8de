// What is known of single records: bookmarks, and the findings of the latest verification.
import { useMemo } from 'react';
import type { ImportId, VerificationId } from '../../../../shared/model/ids.ts';
import type { Bookmark } from '../../../../shared/model/reading.ts';
import { useOperation } from '../../../bridge/use-operation.ts';
import { newestFirst } from '../log-rows.ts';
import { marksOf } from './row-marks.ts';
import type { Marks } from './row-columns.tsx';

export interface KnownMarks extends Marks {
  readonly list: readonly Bookmark[];
  readonly verificationId: VerificationId | undefined;
  readonly rows: { readonly bookmarks: readonly number[]; readonly findings: readonly number[] };
}

const NONE: readonly Bookmark[] = [];

export const useMarks = (importId: ImportId): KnownMarks => {
  const asked = useOperation('reading.bookmarks', { importId }, { staleTime: Infinity });
  const verifications = useOperation('audit.verifications', { importId });
  const latest = verifications.data?.toSorted(newestFirst)[0]?.id;
  const report = useOperation(
    'audit.report',
    // The query stays off until there is an id.
    { id: latest ?? (`ver_${'0'.repeat(32)}` as VerificationId) },
    { enabled: latest !== undefined, staleTime: Infinity },
  );
  const list = asked.data ?? NONE;
  const answer = report.data?.report;
  return useMemo(() => {
    const findings = answer === undefined ? new Map<never, never>() : marksOf(answer);
    return {
      list,
      verificationId: latest,
      findings,
      bookmarks: new Map(list.map((bookmark) => [bookmark.row, bookmark])),
      rows: {
        bookmarks: list.map(({ row }) => row),
        findings: [...findings.keys()].toSorted((a, b) => a - b),
      },
    };
  }, [list, answer, latest]);
};
