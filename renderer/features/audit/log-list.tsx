// The list of imported logs, each with its latest verdict, and the imports that are running.
import { useMemo, useState } from 'react';
import type { ImportedLog, VerificationSummary } from '../../../shared/model/audit.ts';
import type { ImportId } from '../../../shared/model/ids.ts';
import { JobProgress } from '../../bridge/job-progress-view.tsx';
import { isFinished } from '../../bridge/job-progress.ts';
import { useJobs } from '../../bridge/use-jobs.ts';
import { DataGrid, type GridColumn, type GridSort } from '../../ui/data-grid.tsx';
import { SearchField } from '../../ui/fields.tsx';
import { formatInstant } from '../../ui/format.ts';
import { Badge, DateTime } from '../../ui/marks.tsx';
import { EmptyState } from '../../ui/panels.tsx';
import { VerdictBadge } from '../../ui/verdict-badge.tsx';
import { VERDICT_TEXT } from '../../../shared/model/verdict-text.ts';
import { verdictClass } from '../../../shared/model/verdict.ts';
import { filterLogs, logRows, sortLogs, type LogRow } from './log-rows.ts';
import { AUDIT_TEXT } from './text.ts';

const COLUMNS: readonly GridColumn<LogRow>[] = [
  {
    id: 'name',
    header: AUDIT_TEXT.name,
    width: 'minmax(13rem, 1fr)',
    cell: ({ log }) => <span>{log.name}</span>,
    text: ({ log }) => log.name,
    isSortable: true,
    isRowHeader: true,
  },
  {
    id: 'verdict',
    header: AUDIT_TEXT.verdict,
    width: '11.5rem',
    cell: ({ latest }) =>
      latest === undefined ? (
        <Badge>{AUDIT_TEXT.notVerified}</Badge>
      ) : (
        <VerdictBadge verdict={latest.verdict} />
      ),
    text: ({ latest }) => (latest === undefined ? AUDIT_TEXT.notVerified : VERDICT_TEXT[latest.verdict].word),
    isSortable: true,
  },
  {
    id: 'imported',
    header: AUDIT_TEXT.imported,
    width: '6.5rem',
    cell: ({ log }) => <DateTime value={log.importedAt} precision="day" />,
    text: ({ log }) => formatInstant(log.importedAt),
    isSortable: true,
  },
];

export const RunningImports = () => {
  const running = useJobs().filter((job) => job.kind === 'audit.import' && !isFinished(job));
  return running.length === 0 ? (
    <div />
  ) : (
    <section className="log-list-jobs stack" aria-label={AUDIT_TEXT.running}>
      {running.map((job) => (
        <JobProgress key={job.id} job={job} />
      ))}
    </section>
  );
};

export interface LogListProps {
  readonly logs: readonly ImportedLog[];
  readonly verifications: readonly VerificationSummary[];
  readonly selected: ImportId | undefined;
  readonly onSelect: (id: ImportId) => void;
}

export const LogList = ({ logs, verifications, selected, onSelect }: LogListProps) => {
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<GridSort>({ column: 'imported', direction: 'descending' });
  const rows = useMemo(
    () => sortLogs(filterLogs(logRows(logs, verifications), filter), sort),
    [logs, verifications, filter, sort],
  );
  const index = rows.findIndex(({ log }) => log.id === selected);
  return (
    <div className="log-list" data-region="">
      <RunningImports />
      <div className="log-list-head">
        <SearchField label={AUDIT_TEXT.filter} value={filter} onChange={setFilter} />
      </div>
      <DataGrid
        label={AUDIT_TEXT.list}
        columns={COLUMNS}
        rowCount={rows.length}
        rowAt={(at) => rows[at]}
        rowKey={({ log }) => log.id}
        selectedIndex={index === -1 ? null : index}
        onSelect={(_at, row) => {
          if (row !== undefined) onSelect(row.log.id);
        }}
        rowTone={({ latest }) => (latest === undefined ? undefined : verdictClass(latest.verdict))}
        sort={sort}
        onSort={setSort}
        empty={<EmptyState title={AUDIT_TEXT.noMatchTitle}>{AUDIT_TEXT.noMatchBody}</EmptyState>}
      />
    </div>
  );
};
