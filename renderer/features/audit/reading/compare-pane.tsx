// Two records side by side, field by field, with what differs marked in words.
import { Equal, EqualNot } from 'lucide-react';
import { useState } from 'react';
import type { ImportId } from '../../../../shared/model/ids.ts';
import { describeError } from '../../../bridge/operation-error.ts';
import { useOperation } from '../../../bridge/use-operation.ts';
import { Button } from '../../../ui/button.tsx';
import { Switch } from '../../../ui/fields.tsx';
import { formatCount } from '../../../ui/format.ts';
import { Skeleton } from '../../../ui/marks.tsx';
import { Callout, EmptyState, ErrorNotice } from '../../../ui/panels.tsx';
import { SimpleTable, type SimpleColumn } from '../../../ui/simple-table.tsx';
import { useSettled } from '../use-settled.ts';
import { type ComparedField, compareFields } from './compare-fields.ts';
import { READING_TEXT } from './text.ts';

const SETTLE = 120;

const Value = ({ field, side }: { readonly field: ComparedField; readonly side: 'left' | 'right' }) => {
  const value = field[side];
  if (value === null) return <span className="muted">{READING_TEXT.noValue}</span>;
  return field.state === 'same' ? (
    <span className="muted">{value}</span>
  ) : (
    <mark className="compare-mark">{value}</mark>
  );
};

const State = ({
  field,
  left,
  right,
}: {
  readonly field: ComparedField;
  readonly left: number;
  readonly right: number;
}) =>
  field.state === 'same' ? (
    <span className="row muted compare-state">
      <Equal className="icon" aria-hidden />
      {READING_TEXT.compareSame}
    </span>
  ) : (
    <span className="row compare-state">
      <EqualNot className="icon" aria-hidden />
      {field.state === 'differs'
        ? READING_TEXT.compareDiffers
        : READING_TEXT.compareLeft(formatCount(field.state === 'left' ? left : right))}
    </span>
  );

const columnsFor = (left: number, right: number): readonly SimpleColumn<ComparedField>[] => [
  {
    id: 'name',
    header: READING_TEXT.fieldName,
    isRowHeader: true,
    cell: (field) => (
      <>
        {field.name}
        <State field={field} left={left} right={right} />
      </>
    ),
  },
  {
    id: 'left',
    header: READING_TEXT.recordNo(formatCount(left)),
    cell: (field) => <Value field={field} side="left" />,
  },
  {
    id: 'right',
    header: READING_TEXT.recordNo(formatCount(right)),
    cell: (field) => <Value field={field} side="right" />,
  },
];

export interface ComparePaneProps {
  readonly importId: ImportId;
  readonly left: number | null;
  readonly right: number | null;
  readonly onEnd: () => void;
}

export const ComparePane = ({ importId, left, right, onEnd }: ComparePaneProps) => {
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const settled = useSettled(right, SETTLE);
  const hasBoth = left !== null && settled !== null && left !== settled;
  const one = useOperation(
    'reading.row',
    { importId, row: left ?? 0 },
    { enabled: left !== null, staleTime: Infinity },
  );
  const two = useOperation(
    'reading.row',
    { importId, row: settled ?? 0 },
    { enabled: hasBoth, staleTime: Infinity },
  );
  if (left === null)
    return <EmptyState title={READING_TEXT.compareTitle}>{READING_TEXT.compareBody}</EmptyState>;
  const end = (
    <Button size="small" onPress={onEnd}>
      {READING_TEXT.compareEnd}
    </Button>
  );
  if (!hasBoth)
    return (
      <div className="lens">
        <Callout tone="info" title={READING_TEXT.comparePinned(formatCount(left))} actions={end} />
      </div>
    );
  const error = one.error ?? two.error;
  if (error !== null) return <ErrorNotice error={describeError(error)} />;
  if (one.data === undefined || two.data === undefined) return <Skeleton lines={8} />;
  const fields = compareFields(one.data.fields, two.data.fields);
  const different = fields.filter((field) => field.state !== 'same');
  const shown = onlyDifferent ? different : fields;
  return (
    <section className="lens reading-lens" aria-label={READING_TEXT.compare}>
      <div className="row reading-record-head">
        <h2>{READING_TEXT.compareCount(different.length, fields.length)}</h2>
        {end}
      </div>
      <Switch isSelected={onlyDifferent} onChange={setOnlyDifferent}>
        {READING_TEXT.compareOnly}
      </Switch>
      {shown.length === 0 ? (
        <p>{READING_TEXT.compareNone}</p>
      ) : (
        <SimpleTable
          label={READING_TEXT.compare}
          columns={columnsFor(left, settled)}
          rows={shown}
          rowKey={(field) => `${field.state} ${field.name}`}
        />
      )}
    </section>
  );
};
