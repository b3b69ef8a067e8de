// The findings of a verification: every one of them, filtered by kind, page by page.
import { useCallback } from 'react';
import { FINDING_TEXT } from '../../../shared/model/verdict-text.ts';
import type { VerificationSummary } from '../../../shared/model/audit.ts';
import type { Finding, FindingKind } from '../../../shared/model/verdict.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useClient } from '../../bridge/provider.tsx';
import { usePagedRows } from '../../bridge/use-paged-rows.ts';
import { DataGrid, type GridColumn } from '../../ui/data-grid.tsx';
import { Select } from '../../ui/fields.tsx';
import { formatCount } from '../../ui/format.ts';
import { EmptyState, ErrorNotice } from '../../ui/panels.tsx';
import { TONE_ICONS } from '../../ui/tone.ts';
import { countFindings, findingTone, placeOf, shortPlaceOf, type StripUnit } from './finding-words.ts';
import { AUDIT_TEXT } from './text.ts';

const SIZE = 200;
const ALL = 'all';
export type KindFilter = FindingKind | typeof ALL;

const KindCell = ({ finding }: { readonly finding: Finding }) => {
  const tone = findingTone(finding);
  const Icon = TONE_ICONS[tone];
  return (
    <span className="finding-kind" data-tone={tone}>
      <Icon className="icon" aria-hidden />
      <span>{FINDING_TEXT[finding.kind].title}</span>
    </span>
  );
};

const columnsFor = (unit: StripUnit): readonly GridColumn<Finding>[] => {
  const place = (f: Finding): string => placeOf(f, unit) || AUDIT_TEXT.wholeLog;
  const short = (f: Finding): string => shortPlaceOf(f, unit) || AUDIT_TEXT.wholeLog;
  return [
    {
      id: 'kind',
      header: AUDIT_TEXT.kind,
      width: 'minmax(14.5rem, 16rem)',
      cell: (f) => <KindCell finding={f} />,
      text: (f) => FINDING_TEXT[f.kind].title,
      isRowHeader: true,
    },
    {
      id: 'place',
      header: AUDIT_TEXT.place,
      width: 'minmax(9.5rem, 12rem)',
      cell: (f) => <span>{short(f)}</span>,
      text: place,
    },
    {
      id: 'message',
      header: AUDIT_TEXT.message,
      width: 'minmax(14rem, 1fr)',
      cell: (f) => <span className="muted">{f.message}</span>,
      text: (f) => f.message,
    },
  ];
};
const COLUMNS = { record: columnsFor('record'), second: columnsFor('second') } as const;

export interface FindingsListProps {
  readonly summary: VerificationSummary;
  readonly unit: StripUnit;
  readonly kind: KindFilter;
  readonly onKind: (kind: KindFilter) => void;
  readonly selected: number | null;
  readonly onSelect: (index: number, finding: Finding) => void;
}

export const FindingsList = ({ summary, unit, kind, onKind, selected, onSelect }: FindingsListProps) => {
  const client = useClient();
  const rows = usePagedRows<Finding>({
    queryKey: ['audit.findings', { id: summary.id, kind }],
    fetchPage: useCallback(
      async (offset: number, limit: number) => {
        const answer = await client.call('audit.findings', {
          id: summary.id,
          offset,
          limit,
          ...(kind === ALL ? {} : { kind }),
        });
        return { total: answer.total, rows: answer.findings };
      },
      [client, summary.id, kind],
    ),
    size: SIZE,
  });
  if (rows.error !== null) return <ErrorNotice error={describeError(rows.error)} />;
  const options = [
    { id: ALL, label: AUDIT_TEXT.allKinds(formatCount(countFindings(summary.findings))) },
    ...summary.findings.map((f) => ({
      id: f.kind,
      label: AUDIT_TEXT.kindCount(FINDING_TEXT[f.kind].title, formatCount(f.count)),
    })),
  ] as const;
  return (
    <div className="finding-list" data-region="">
      <div className="finding-filter">
        <Select<KindFilter>
          label={AUDIT_TEXT.kindFilter}
          hideLabel
          options={options}
          value={kind}
          onChange={onKind}
        />
      </div>
      {rows.total === 0 ? (
        <EmptyState title={AUDIT_TEXT.noFindingsTitle}>{AUDIT_TEXT.noFindingsBody}</EmptyState>
      ) : (
        <DataGrid
          label={AUDIT_TEXT.findingsList}
          columns={COLUMNS[unit]}
          rowCount={rows.total ?? 0}
          rowAt={rows.rowAt}
          onVisible={rows.onVisible}
          selectedIndex={selected}
          onSelect={(index, finding) => {
            if (finding !== undefined) onSelect(index, finding);
          }}
          onOpen={(index, finding) => {
            if (finding !== undefined) onSelect(index, finding);
          }}
          rowTone={(f) => {
            const tone = findingTone(f);
            return tone === 'neutral' ? undefined : tone;
          }}
        />
      )}
    </div>
  );
};
