// Verifying a log once more, against a head that comes from outside of it.
import { useState } from 'react';
import type { VerificationSummary } from '../../../shared/model/audit.ts';
import type { JobId } from '../../../shared/model/ids.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useCommand } from '../../bridge/use-operation.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { HashText } from '../../ui/marks.tsx';
import { ErrorNotice, KeyValueList } from '../../ui/panels.tsx';
import { UI_TEXT } from '../../ui/text.ts';
import { HeadEntryField, NO_HEAD, headInput } from './head-entry-field.tsx';
import { CompanionFiles, companionsInput, NO_COMPANIONS } from './companion-files.tsx';
import { AUDIT_TEXT } from './text.ts';

export interface HeadDialogProps {
  readonly summary: VerificationSummary;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onStarted: (jobId: JobId) => void;
}

export const HeadDialog = ({ summary, isOpen, onClose, onStarted }: HeadDialogProps) => {
  const [value, setValue] = useState(NO_HEAD);
  const verify = useCommand('audit.verify', {
    onDone: ({ jobId }) => {
      setValue(NO_HEAD);
      onStarted(jobId);
      onClose();
    },
  });
  const [companions, setCompanions] = useState(NO_COMPANIONS);
  const given = headInput(value);
  const isEmpty = value.file === null && value.text.trim() === '';
  return (
    <Dialog
      title={AUDIT_TEXT.headDialog}
      isOpen={isOpen}
      onClose={onClose}
      size="wide"
      footer={
        <>
          <Button onPress={onClose}>{UI_TEXT.cancel}</Button>
          <Button
            variant="primary"
            isDisabled={given === null || (isEmpty && companions.anchors.length === 0)}
            onPress={() => {
              if (given !== null && !verify.isPending)
                verify.mutate({
                  importId: summary.importId,
                  format: summary.format,
                  ...given,
                  ...companionsInput(companions),
                });
            }}
          >
            {AUDIT_TEXT.verifyWithHead}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{AUDIT_TEXT.headDialogBody}</p>
        <KeyValueList
          layout="over"
          items={[
            {
              id: 'head',
              label: AUDIT_TEXT.headOfLog,
              value:
                summary.head === null ? (
                  AUDIT_TEXT.noHead
                ) : (
                  <HashText value={summary.head} label="head of the log" form="full" canCopy={false} />
                ),
            },
          ]}
        />
        <HeadEntryField value={value} onChange={setValue} head={summary.head} autoFocus />
        <CompanionFiles companions={companions} onChange={setCompanions} />
        {verify.error === null ? null : <ErrorNotice error={describeError(verify.error)} />}
      </div>
    </Dialog>
  );
};
