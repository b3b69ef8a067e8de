// The chain strip as a table: the same stretches, every one of them, by keyboard.
import { useMemo } from 'react';
import type { Stretch } from '../../../shared/model/verdict.ts';
import { DataGrid, type GridColumn } from '../../ui/data-grid.tsx';
import { TONE_ICONS, type Tone } from '../../ui/tone.ts';
import { wholeStretches, type Strip, type StripState } from './strip-columns.ts';
import { positionText } from './strip-words.ts';
import { AUDIT_TEXT } from './text.ts';

const TONES: Readonly<Record<StripState, Exclude<Tone, 'info'>>> = {
  failed: 'fail',
  uncovered: 'attention',
  attention: 'attention',
  unanchored: 'neutral',
  verified: 'pass',
};

const columnsFor = (strip: Strip): readonly GridColumn<Stretch>[] => {
  const from = (s: Stretch): string => positionText(strip, s.from);
  const to = (s: Stretch): string => positionText(strip, strip.unit === 'record' ? s.to - 1 : s.to);
  return [
    {
      id: 'from',
      header: AUDIT_TEXT.stripFrom,
      width: '11rem',
      cell: (s) => from(s),
      text: from,
      isRowHeader: true,
    },
    { id: 'to', header: AUDIT_TEXT.stripTo, width: '11rem', cell: (s) => to(s), text: to },
    {
      id: 'state',
      header: AUDIT_TEXT.stripState,
      width: '13rem',
      cell: (s) => {
        const Icon = TONE_ICONS[TONES[s.state]];
        return (
          <span className="finding-kind" data-tone={TONES[s.state]}>
            <Icon className="icon" aria-hidden />
            <span>{AUDIT_TEXT.states[s.state]}</span>
          </span>
        );
      },
      text: (s) => AUDIT_TEXT.states[s.state],
    },
    {
      id: 'note',
      header: AUDIT_TEXT.stripNote,
      width: 'minmax(10rem, 1fr)',
      cell: (s) => <span>{s.label ?? ''}</span>,
      text: (s) => s.label ?? '',
    },
  ];
};

export interface StripTableProps {
  readonly strip: Strip;
  readonly onOpen: (position: number, label: string | undefined, state: StripState) => void;
}

export const StripTable = ({ strip, onOpen }: StripTableProps) => {
  const rows = useMemo(() => wholeStretches(strip), [strip]);
  const columns = useMemo(() => columnsFor(strip), [strip]);
  return (
    <div className="strip-table">
      <DataGrid
        label={AUDIT_TEXT.stripTableLabel}
        columns={columns}
        rowCount={rows.length}
        rowAt={(at) => rows[at]}
        rowTone={(s) =>
          TONES[s.state] === 'neutral' ? undefined : (TONES[s.state] as 'pass' | 'attention' | 'fail')
        }
        onOpen={(_at, row) => {
          if (row !== undefined) onOpen(row.from, row.label, row.state);
        }}
      />
    </div>
  );
};
