// Goes to a record by its number.
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/fields.tsx';
import { formatCount } from '../../../ui/format.ts';
import { UI_TEXT } from '../../../ui/text.ts';
import { readRecordNumber } from './record-number.ts';
import { READING_TEXT } from './text.ts';

export interface GoToDialogProps {
  /** Records in the log. */
  readonly rows: number;
  readonly onClose: () => void;
  readonly onGo: (row: number) => void;
}

export const GoToDialog = ({ rows, onClose, onGo }: GoToDialogProps) => {
  const [text, setText] = useState('');
  const [isBad, setBad] = useState(false);
  const go = (): void => {
    const row = readRecordNumber(text, rows);
    setBad(row === null);
    if (row === null) return;
    onClose();
    onGo(row);
  };
  return (
    <Dialog
      title={READING_TEXT.goTo}
      isOpen
      isDismissable
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{UI_TEXT.cancel}</Button>
          <Button variant="primary" onPress={go}>
            {READING_TEXT.go}
          </Button>
        </>
      }
    >
      <TextField
        autoFocus
        label={READING_TEXT.goToLabel}
        help={READING_TEXT.goToHelp(formatCount(rows - 1))}
        value={text}
        onChange={setText}
        onSubmit={go}
        error={isBad ? READING_TEXT.goToBad : undefined}
        maxLength={20}
      />
    </Dialog>
  );
};
