// The dialog that makes a case. What was typed is kept if the dialog is closed by mistake.
import { useState } from 'react';
import type { Case, CaseDraft } from '../../../shared/model/case.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useCommand } from '../../bridge/use-operation.ts';
import { useDraft } from '../../state/drafts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea, TextField } from '../../ui/fields.tsx';
import { focusFirstInvalid } from '../../ui/focus.ts';
import { ErrorNotice } from '../../ui/panels.tsx';
import { UI_TEXT } from '../../ui/text.ts';
import { CASES_TEXT } from './text.ts';

const EMPTY: CaseDraft = { name: '', reference: '', purpose: '', notes: '' };

export interface NewCaseDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onCreated: (made: Case) => void;
}

export const NewCaseDialog = ({ isOpen, onClose, onCreated }: NewCaseDialogProps) => {
  const draft = useDraft('case:new', EMPTY);
  const [isTried, setTried] = useState(false);
  const create = useCommand('cases.create', {
    onDone: (made) => {
      draft.drop();
      setTried(false);
      onCreated(made);
    },
  });
  const isNameEmpty = draft.value.name.trim() === '';
  const submit = (): void => {
    setTried(true);
    if (isNameEmpty) focusFirstInvalid(null);
    else if (!create.isPending) create.mutate(draft.value);
  };
  const close = (): void => {
    create.reset();
    setTried(false);
    onClose();
  };
  return (
    <Dialog
      title={CASES_TEXT.newCase}
      isOpen={isOpen}
      onClose={close}
      footer={
        <>
          <Button onPress={close}>{UI_TEXT.cancel}</Button>
          <Button variant="primary" onPress={submit} isPending={create.isPending}>
            {CASES_TEXT.create}
          </Button>
        </>
      }
    >
      <TextField
        label={CASES_TEXT.name}
        value={draft.value.name}
        onChange={(value) => draft.edit('name', value)}
        onSubmit={submit}
        error={isTried && isNameEmpty ? CASES_TEXT.nameEmpty : undefined}
        maxLength={200}
        autoFocus
      />
      <TextField
        label={CASES_TEXT.reference}
        value={draft.value.reference}
        onChange={(value) => draft.edit('reference', value)}
        onSubmit={submit}
        help={CASES_TEXT.referenceHelp}
        maxLength={100}
        isOptional
      />
      <TextArea
        label={CASES_TEXT.purpose}
        value={draft.value.purpose}
        onChange={(value) => draft.edit('purpose', value)}
        help={CASES_TEXT.purposeHelp}
        maxLength={1000}
        rows={2}
        isOptional
      />
      {create.error === null ? null : <ErrorNotice error={describeError(create.error)} />}
    </Dialog>
  );
};
