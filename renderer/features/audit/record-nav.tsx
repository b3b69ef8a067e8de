// Going from record to record: previous, next, and to a number.
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/fields.tsx';
import { formatCount } from '../../ui/format.ts';
import { itemWord, type StripUnit } from './finding-words.ts';
import { readIndex } from './read-index.ts';
import { AUDIT_TEXT } from './text.ts';

export interface RecordNavProps {
  readonly unit: StripUnit;
  /** The record that is open; null: none. */
  readonly index: number | null;
  /** Number of records; null where only the verification knows. */
  readonly total: number | null;
  readonly onRecord: (index: number) => void;
}

export const RecordNav = ({ unit, index, total, onRecord }: RecordNavProps) => {
  const [text, setText] = useState('');
  const [isRefused, setRefused] = useState(false);
  const word = itemWord(unit);
  const last = total === null ? AUDIT_TEXT.lastOne : formatCount(Math.max(0, total - 1));
  const go = (): void => {
    const wanted = readIndex(text, total);
    setRefused(wanted === null);
    if (wanted === null) return;
    setText('');
    onRecord(wanted);
  };
  return (
    <div className="record-nav">
      {index === null ? null : (
        <>
          <h3>{AUDIT_TEXT.recordOf(word, formatCount(index))}</h3>
          <div className="row">
            <IconButton
              icon={ChevronLeft}
              label={AUDIT_TEXT.previous(word)}
              keys="Alt+↑"
              variant="secondary"
              isDisabled={index === 0}
              onPress={() => onRecord(index - 1)}
            />
            <IconButton
              icon={ChevronRight}
              label={AUDIT_TEXT.nextOne(word)}
              keys="Alt+↓"
              variant="secondary"
              isDisabled={total !== null && index >= total - 1}
              onPress={() => onRecord(index + 1)}
            />
          </div>
        </>
      )}
      <div className="go-to">
        <TextField
          label={AUDIT_TEXT.goTo(word)}
          value={text}
          onChange={(value) => {
            setText(value);
            setRefused(false);
          }}
          placeholder={AUDIT_TEXT.goToHelp(last)}
          error={isRefused ? AUDIT_TEXT.goToBad(last) : undefined}
          onSubmit={go}
        />
        <Button onPress={go} isDisabled={text.trim() === ''}>
          {AUDIT_TEXT.go}
        </Button>
      </div>
    </div>
  );
};
