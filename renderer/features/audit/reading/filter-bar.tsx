// The filters above the grid: time, actor, action, result, text; and what is in use, to be taken away again.
import { Redo2, Undo2, X } from 'lucide-react';
import { useState } from 'react';
import type { ReadingInfo } from '../../../../shared/model/reading.ts';
import { FACET_COLUMNS } from '../../../../shared/model/reading.ts';
import { JobProgress } from '../../../bridge/job-progress-view.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Select, TextField } from '../../../ui/fields.tsx';
import { ErrorNotice } from '../../../ui/panels.tsx';
import { UI_TEXT } from '../../../ui/text.ts';
import { chipsOf, type Choice, EVERYTHING, instantText, readInstant, withoutChip } from './reading-choice.ts';
import { READING_TEXT } from './text.ts';
import type { LogSearch } from './use-search.ts';
import { ValueFilter } from './value-filter.tsx';

interface TimeFieldProps {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** Takes effect on Enter and when it is left. */
const TimeField = ({ label, value, onChange }: TimeFieldProps) => {
  const [text, setText] = useState(instantText(value));
  const [isBad, setBad] = useState(false);
  // The filter may be changed elsewhere: by the timeline, a saved view, undo.
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setText(instantText(value));
    setBad(false);
  }
  const take = (): void => {
    const read = readInstant(text);
    setBad(read === undefined);
    if (read !== undefined && read !== value) onChange(read);
  };
  return (
    <TextField
      label={label}
      value={text}
      onChange={setText}
      onSubmit={take}
      onBlur={take}
      placeholder={READING_TEXT.timeHint}
      error={isBad ? READING_TEXT.badTime : undefined}
      maxLength={40}
    />
  );
};

export interface FilterBarProps {
  readonly info: ReadingInfo;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
  readonly search: LogSearch;
  readonly hasFindings: boolean;
  readonly history: {
    readonly canUndo: boolean;
    readonly canRedo: boolean;
    readonly undo: () => void;
    readonly redo: () => void;
  };
}

const SearchText = ({ choice, onChange, search }: Pick<FilterBarProps, 'choice' | 'onChange' | 'search'>) => {
  const wanted = choice.found?.text ?? '';
  const [text, setText] = useState(wanted);
  const [seen, setSeen] = useState(wanted);
  if (seen !== wanted) {
    setSeen(wanted);
    setText(wanted);
  }
  return (
    <TextField
      label={READING_TEXT.search}
      value={text}
      onChange={setText}
      maxLength={1000}
      placeholder={READING_TEXT.searchHint}
      onSubmit={() => {
        if (text === '') onChange({ ...choice, found: null });
        else search.run(text);
      }}
    />
  );
};

export const FilterBar = (props: FilterBarProps) => {
  const { info, choice, onChange, search, history } = props;
  const chips = chipsOf(choice);
  return (
    <section className="reading-filters" aria-label={READING_TEXT.filters}>
      <div className="reading-fields">
        <TimeField
          label={READING_TEXT.from}
          value={choice.from}
          onChange={(from) => onChange({ ...choice, from })}
        />
        <TimeField label={READING_TEXT.to} value={choice.to} onChange={(to) => onChange({ ...choice, to })} />
        {FACET_COLUMNS.map((column) => (
          <ValueFilter
            key={column}
            importId={info.importId}
            column={column}
            facets={info.facets[column]}
            chosen={choice[column]}
            onChange={(values) => onChange({ ...choice, [column]: values })}
          />
        ))}
        <div className="reading-search">
          <SearchText choice={choice} onChange={onChange} search={search} />
        </div>
        <Select
          label={READING_TEXT.only}
          value={choice.only}
          onChange={(only) => onChange({ ...choice, only })}
          options={[
            { id: 'all', label: READING_TEXT.onlyAll },
            { id: 'bookmarks', label: READING_TEXT.onlyBookmarks },
            { id: 'findings', label: READING_TEXT.onlyFindings, isDisabled: !props.hasFindings },
          ]}
        />
      </div>
      {search.running === undefined ? null : <JobProgress job={search.running} />}
      {search.failure === null ? null : (
        <ErrorNotice
          error={search.failure}
          actions={
            <Button size="small" onPress={search.dismiss}>
              {UI_TEXT.dismiss}
            </Button>
          }
        />
      )}
      {chips.length === 0 && !history.canUndo && !history.canRedo ? null : (
        <div className="reading-chips">
          {chips.length === 0 ? null : (
            <ul aria-label={READING_TEXT.active}>
              {chips.map((chip) => (
                <li key={chip.id} className="chip">
                  <span>{chip.label}</span>
                  <IconButton
                    icon={X}
                    size="small"
                    label={READING_TEXT.remove(chip.label)}
                    onPress={() => onChange(withoutChip(choice, chip.id))}
                  />
                </li>
              ))}
            </ul>
          )}
          {chips.length < 2 ? null : (
            <Button
              size="small"
              variant="quiet"
              onPress={() => onChange({ ...EVERYTHING, only: choice.only, order: choice.order })}
            >
              {READING_TEXT.clearAll}
            </Button>
          )}
          <span className="reading-history">
            <IconButton
              icon={Undo2}
              size="small"
              label={READING_TEXT.undo}
              isDisabled={!history.canUndo}
              onPress={history.undo}
            />
            <IconButton
              icon={Redo2}
              size="small"
              label={READING_TEXT.redo}
              isDisabled={!history.canRedo}
              onPress={history.redo}
            />
          </span>
        </div>
      )}
    </section>
  );
};
