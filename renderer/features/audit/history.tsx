// The verifications of one log, newest first.
import type { VerificationSummary } from '../../../shared/model/audit.ts';
import type { VerificationId } from '../../../shared/model/ids.ts';
import { navigate } from '../../state/ui-store.ts';
import { LinkButton } from '../../ui/button.tsx';
import { formatCount, formatInstant, formatSeconds } from '../../ui/format.ts';
import { HashText } from '../../ui/marks.tsx';
import { Panel } from '../../ui/panels.tsx';
import { SimpleTable, type SimpleColumn } from '../../ui/simple-table.tsx';
import { VerdictBadge } from '../../ui/verdict-badge.tsx';
import { countFindings } from './finding-words.ts';
import { newestFirst } from './log-rows.ts';
import { AUDIT_TEXT } from './text.ts';

const columnsFor = (current: VerificationId | undefined): readonly SimpleColumn<VerificationSummary>[] => [
  {
    id: 'finished',
    header: AUDIT_TEXT.finished,
    isRowHeader: true,
    cell: (v) => (
      <span>
        <LinkButton onPress={() => navigate('audit', { verificationId: v.id })}>
          {formatInstant(v.finishedAt)}
        </LinkButton>
        {v.id === current ? <span className="muted"> ({AUDIT_TEXT.shownNow})</span> : null}
      </span>
    ),
  },
  { id: 'verdict', header: AUDIT_TEXT.result, cell: (v) => <VerdictBadge verdict={v.verdict} /> },
  {
    id: 'findings',
    header: AUDIT_TEXT.findings,
    align: 'end',
    cell: (v) => formatCount(countFindings(v.findings)),
  },
  { id: 'records', header: AUDIT_TEXT.records, align: 'end', cell: (v) => formatCount(v.records) },
  {
    id: 'head',
    header: AUDIT_TEXT.withHead,
    cell: (v) =>
      v.trustedHead === null ? (
        <span className="muted">{AUDIT_TEXT.withoutHead}</span>
      ) : (
        <HashText value={v.trustedHead} label="trusted head" canCopy={false} />
      ),
  },
  { id: 'took', header: AUDIT_TEXT.took, align: 'end', cell: (v) => formatSeconds(v.seconds) },
];

export interface HistoryProps {
  readonly verifications: readonly VerificationSummary[];
  readonly current?: VerificationId;
  readonly headingLevel?: 2 | 3;
}

export const History = ({ verifications, current, headingLevel = 2 }: HistoryProps) => (
  <Panel
    title={AUDIT_TEXT.history}
    aside={formatCount(verifications.length)}
    isFlush={verifications.length > 0}
    headingLevel={headingLevel}
  >
    {verifications.length === 0 ? (
      <p className="muted">{AUDIT_TEXT.historyEmpty}</p>
    ) : (
      <SimpleTable
        label={AUDIT_TEXT.history}
        columns={columnsFor(current)}
        rows={verifications.toSorted(newestFirst)}
        rowKey={(v) => v.id}
      />
    )}
  </Panel>
);
