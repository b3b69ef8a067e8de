// List on the left, the selected case on the right.
import { Briefcase, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Case } from '../../../shared/model/case.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useReadOnly } from '../../bridge/use-read-only.ts';
import { useOperation } from '../../bridge/use-operation.ts';
import { replacePlace, useParams, useUi } from '../../state/ui-store.ts';
import { Button } from '../../ui/button.tsx';
import { DataGrid, type GridColumn, type GridSort } from '../../ui/data-grid.tsx';
import { SearchField } from '../../ui/fields.tsx';
import { formatCount, formatInstant } from '../../ui/format.ts';
import { DateTime, Skeleton } from '../../ui/marks.tsx';
import { EmptyState, ErrorNotice, Page } from '../../ui/panels.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { CaseDetail } from './case-detail.tsx';
import { filterCases, sortCases } from './case-list.ts';
import { NewCaseDialog } from './new-case-dialog.tsx';
import { CASES_TEXT } from './text.ts';

const COLUMNS: readonly GridColumn<Case>[] = [
  {
    id: 'name',
    header: CASES_TEXT.name,
    width: 'minmax(11rem, 1fr)',
    cell: (c) => <span>{c.name}</span>,
    text: (c) => c.name,
    isSortable: true,
    isRowHeader: true,
  },
  {
    id: 'reference',
    header: CASES_TEXT.reference,
    width: '9rem',
    cell: (c) => <span className="muted">{c.reference}</span>,
    text: (c) => c.reference,
    isSortable: true,
  },
  {
    id: 'updated',
    header: CASES_TEXT.updated,
    width: '7rem',
    cell: (c) => <DateTime value={c.updatedAt} precision="day" />,
    text: (c) => formatInstant(c.updatedAt),
    isSortable: true,
  },
];

const NEWEST: GridSort = { column: 'updated', direction: 'descending' };

const NewCaseButton = () => (
  <Button
    isDisabled={useReadOnly()}
    icon={Plus}
    variant="primary"
    onPress={() => replacePlace('cases', { intent: 'new' })}
  >
    {CASES_TEXT.newCase}
  </Button>
);

interface CaseListProps {
  readonly cases: readonly Case[];
  readonly selected: Case | undefined;
  readonly onSelect: (c: Case) => void;
}

const CaseList = ({ cases, selected, onSelect }: CaseListProps) => {
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<GridSort>(NEWEST);
  const rows = useMemo(() => sortCases(filterCases(cases, filter), sort), [cases, filter, sort]);
  const index = selected === undefined ? -1 : rows.findIndex((c) => c.id === selected.id);
  return (
    <div className="case-list" data-region="">
      <div className="list-head">
        <SearchField label={CASES_TEXT.filter} value={filter} onChange={setFilter} />
      </div>
      <DataGrid
        label={CASES_TEXT.list}
        columns={COLUMNS}
        rowCount={rows.length}
        rowAt={(at) => rows[at]}
        rowKey={(c) => c.id}
        selectedIndex={index === -1 ? null : index}
        onSelect={(_at, row) => {
          if (row !== undefined) onSelect(row);
        }}
        sort={sort}
        onSort={setSort}
        empty={<EmptyState title={CASES_TEXT.noMatchTitle}>{CASES_TEXT.noMatchBody}</EmptyState>}
      />
    </div>
  );
};

export const CasesScreen = () => {
  const cases = useOperation('cases.list', {});
  const params = useParams('cases');
  const picked = useUi((s) => s.caseId);
  const setCase = useUi((s) => s.setCase);
  const list = cases.data ?? [];
  // The most recently changed case is shown first: an empty pane tells nothing.
  const selected = list.find((c) => c.id === (params.caseId ?? picked)) ?? sortCases(list, NEWEST)[0];
  const isNewOpen = params.intent === 'new';
  const keep = params.caseId === undefined ? {} : { caseId: params.caseId };

  const select = (c: Case): void => {
    setCase(c.id);
    replacePlace('cases', { caseId: c.id });
  };

  const content =
    cases.error !== null ? (
      <div className="page-body">
        <ErrorNotice error={describeError(cases.error)} />
      </div>
    ) : cases.isPending ? (
      <div className="page-body">
        <Skeleton lines={6} />
      </div>
    ) : list.length === 0 ? (
      <EmptyState icon={Briefcase} title={CASES_TEXT.noCasesTitle} actions={<NewCaseButton />}>
        {CASES_TEXT.noCasesBody}
      </EmptyState>
    ) : (
      <SplitPane
        label={CASES_TEXT.listPane}
        initial={460}
        min={280}
        max={760}
        first={<CaseList cases={list} selected={selected} onSelect={select} />}
        second={selected === undefined ? null : <CaseDetail key={selected.id} record={selected} />}
      />
    );

  return (
    <Page
      isFilled
      title={CASES_TEXT.title}
      summary={list.length === 0 ? undefined : `${formatCount(list.length)} in this workspace`}
      actions={list.length === 0 ? undefined : <NewCaseButton />}
    >
      {content}
      <NewCaseDialog isOpen={isNewOpen} onClose={() => replacePlace('cases', keep)} onCreated={select} />
    </Page>
  );
};
