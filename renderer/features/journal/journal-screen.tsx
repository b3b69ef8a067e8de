// Status on top, entries below, the selected entry beside them.
import { RefreshCw } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import type { JournalEntry } from '../../../shared/model/journal.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useOperation } from '../../bridge/use-operation.ts';
import { Button } from '../../ui/button.tsx';
import { DataGrid, type GridColumn } from '../../ui/data-grid.tsx';
import { SearchField, Select } from '../../ui/fields.tsx';
import { plural } from '../../ui/format.ts';
import { Badge, DateTime } from '../../ui/marks.tsx';
import { EmptyState, ErrorNotice, Page } from '../../ui/panels.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import type { Tone } from '../../ui/tone.ts';
import { EntryDetail } from './entry-detail.tsx';
import { JournalActions, JournalHealth, useJournalActions } from './journal-health.tsx';
import { JOURNAL_TEXT } from './text.ts';
import { useJournalRows, type JournalFilter } from './use-journal-rows.ts';

export const RESULT_BADGES: Readonly<
  Record<JournalEntry['result'], { readonly tone: Tone; readonly label: string }>
> = {
  success: { tone: 'neutral', label: JOURNAL_TEXT.success },
  denied: { tone: 'attention', label: JOURNAL_TEXT.denied },
  failure: { tone: 'fail', label: JOURNAL_TEXT.failure },
};

const COLUMNS: readonly GridColumn<JournalEntry>[] = [
  {
    id: 'seq',
    header: JOURNAL_TEXT.seq,
    width: '4.5rem',
    align: 'end',
    cell: (e) => <span className="muted">{e.seq}</span>,
    text: (e) => String(e.seq),
  },
  {
    id: 'time',
    header: JOURNAL_TEXT.time,
    width: '11rem',
    cell: (e) => <DateTime value={e.timestamp} />,
    text: (e) => e.timestamp,
  },
  {
    id: 'result',
    header: JOURNAL_TEXT.result,
    width: '6.5rem',
    cell: (e) =>
      e.result === 'success' ? (
        <span className="muted">{JOURNAL_TEXT.success}</span>
      ) : (
        <Badge tone={RESULT_BADGES[e.result].tone}>{RESULT_BADGES[e.result].label}</Badge>
      ),
    text: (e) => RESULT_BADGES[e.result].label,
  },
  {
    id: 'action',
    header: JOURNAL_TEXT.action,
    width: 'minmax(10rem, 1.2fr)',
    cell: (e) => <span>{e.action}</span>,
    text: (e) => e.action,
    isRowHeader: true,
  },
  {
    id: 'resource',
    header: JOURNAL_TEXT.resource,
    width: 'minmax(8rem, 1fr)',
    cell: (e) => <span className="muted mono">{e.resource ?? ''}</span>,
    text: (e) => e.resource ?? '',
  },
  {
    id: 'principal',
    header: JOURNAL_TEXT.principal,
    width: '7rem',
    cell: (e) => <span className="muted">{e.principal}</span>,
    text: (e) => e.principal,
  },
];

const RESULT_OPTIONS = [
  { id: 'all', label: JOURNAL_TEXT.all },
  { id: 'success', label: JOURNAL_TEXT.success },
  { id: 'denied', label: JOURNAL_TEXT.denied },
  { id: 'failure', label: JOURNAL_TEXT.failure },
] as const;

interface FiltersProps {
  readonly filter: JournalFilter;
  readonly onChange: (filter: JournalFilter) => void;
  readonly newer: number;
  readonly onRefresh: () => void;
}

const Filters = ({ filter, onChange, newer, onRefresh }: FiltersProps) => (
  <div className="journal-filters">
    <SearchField
      label={JOURNAL_TEXT.filterText}
      value={filter.text}
      onChange={(text) => onChange({ ...filter, text: text.slice(0, 200) })}
    />
    <Select
      label={JOURNAL_TEXT.result}
      hideLabel
      options={RESULT_OPTIONS}
      value={filter.result}
      onChange={(result) => onChange({ ...filter, result })}
    />
    {newer > 0 ? (
      <Button icon={RefreshCw} size="small" variant="quiet" onPress={onRefresh}>
        {JOURNAL_TEXT.newer(plural(newer, JOURNAL_TEXT.newerOne, JOURNAL_TEXT.newerMany))}
      </Button>
    ) : null}
  </div>
);

export const JournalScreen = () => {
  const [filter, setFilter] = useState<JournalFilter>({ result: 'all', text: '' });
  const [selected, setSelected] = useState<number | null>(null);
  const status = useOperation('journal.status', {}, { refetchInterval: 15_000 });
  const text = useDeferredValue(filter.text.trim());
  const rows = useJournalRows({ result: filter.result, text });
  const actions = useJournalActions();
  const entry = selected === null ? undefined : rows.rowAt(selected);
  const total = status.data?.entries ?? 0;
  const isUnfiltered = filter.result === 'all' && text === '';
  const newer = isUnfiltered && rows.total !== null ? Math.max(0, total - rows.total) : 0;

  const change = (next: JournalFilter): void => {
    setFilter(next);
    setSelected(null);
  };
  useEffect(() => actions.followIntent(), [actions]);

  const grid =
    rows.error !== null ? (
      <div className="page-body">
        <ErrorNotice error={describeError(rows.error)} />
      </div>
    ) : (
      <DataGrid
        label={JOURNAL_TEXT.gridLabel}
        columns={COLUMNS}
        rowCount={rows.total ?? 0}
        rowAt={rows.rowAt}
        rowKey={(e) => e.eventId}
        onVisible={rows.onVisible}
        selectedIndex={selected}
        onSelect={(index) => setSelected(index)}
        rowTone={(e) => (e.result === 'failure' ? 'fail' : e.result === 'denied' ? 'attention' : undefined)}
        empty={
          rows.isLoading ? null : (
            <EmptyState title={JOURNAL_TEXT.emptyTitle}>{JOURNAL_TEXT.emptyBody}</EmptyState>
          )
        }
      />
    );

  return (
    <Page
      isFilled
      title={JOURNAL_TEXT.title}
      summary={JOURNAL_TEXT.summary}
      actions={<JournalActions actions={actions} />}
    >
      <div className="journal">
        <JournalHealth status={status.data} error={status.error} actions={actions} />
        <div className="journal-panes">
          <SplitPane
            label={JOURNAL_TEXT.listPane}
            initial={760}
            min={360}
            max={1100}
            first={
              <div className="journal-list" data-region="">
                <Filters
                  filter={filter}
                  onChange={change}
                  newer={newer}
                  onRefresh={() => {
                    setSelected(null);
                    rows.refresh();
                  }}
                />
                {grid}
              </div>
            }
            second={
              entry === undefined ? (
                <EmptyState title={JOURNAL_TEXT.chooseTitle}>{JOURNAL_TEXT.chooseBody}</EmptyState>
              ) : (
                <EntryDetail entry={entry} badge={RESULT_BADGES[entry.result]} />
              )
            }
          />
        </div>
      </div>
    </Page>
  );
};
