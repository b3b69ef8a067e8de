// Where a log comes in: the case it belongs to, a place to drop it, and the two buttons that do the same.
import { Briefcase, FileInput, FolderInput } from 'lucide-react';
import { useState } from 'react';
import type { CaseId } from '../../../shared/model/ids.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { useOperation } from '../../bridge/use-operation.ts';
import { useReadOnly } from '../../bridge/use-read-only.ts';
import { navigate, useUi } from '../../state/ui-store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { Select } from '../../ui/fields.tsx';
import { Skeleton } from '../../ui/marks.tsx';
import { EmptyState, ErrorNotice } from '../../ui/panels.tsx';
import { AUDIT_TEXT } from './text.ts';
import type { Imports } from './use-imports.ts';

export interface ImportFormProps {
  readonly imports: Imports;
  /** Runs once an import has been started. */
  readonly onStarted?: () => void;
}

export const ImportForm = ({ imports, onStarted }: ImportFormProps) => {
  const cases = useOperation('cases.list', {});
  const picked = useUi((s) => s.caseId);
  const files = useFiles();
  const isReadOnly = useReadOnly();
  const [chosen, setChosen] = useState<CaseId | null>(null);
  if (cases.error !== null) return <ErrorNotice error={describeError(cases.error)} />;
  if (cases.data === undefined) return <Skeleton lines={3} />;
  if (cases.data.length === 0) {
    return (
      <EmptyState
        icon={Briefcase}
        title={AUDIT_TEXT.noCaseTitle}
        actions={
          <Button variant="primary" onPress={() => navigate('cases', { intent: 'new' })}>
            {AUDIT_TEXT.newCase}
          </Button>
        }
      >
        {AUDIT_TEXT.noCaseBody}
      </EmptyState>
    );
  }
  const only = cases.data.length === 1 ? cases.data[0]?.id : undefined;
  const caseId = chosen ?? picked ?? only ?? null;
  const choose = (purpose: 'log-file' | 'log-folder'): void => {
    if (caseId === null) return;
    void files.choose(purpose).then((file) => {
      if (file === null) return;
      imports.importHandle(caseId, file.handle);
      onStarted?.();
    }, showError);
  };
  const isDisabled = caseId === null || isReadOnly;
  return (
    <div className="stack">
      <Select
        label={AUDIT_TEXT.importInto}
        help={caseId === null ? AUDIT_TEXT.chooseCaseFirst : AUDIT_TEXT.importIntoHelp}
        placeholder={AUDIT_TEXT.chooseCase}
        options={cases.data.map((c) => ({
          id: c.id,
          label: c.name,
          ...(c.reference === '' ? {} : { help: c.reference }),
        }))}
        value={caseId}
        onChange={setChosen}
      />
      <DropZone
        label={AUDIT_TEXT.importDrop}
        isDisabled={isDisabled}
        onDrop={(dropped) => {
          if (caseId === null) return;
          imports.importDropped(caseId, dropped);
          onStarted?.();
        }}
        actions={
          <>
            <Button icon={FileInput} isDisabled={isDisabled} onPress={() => choose('log-file')}>
              {AUDIT_TEXT.chooseFile}
            </Button>
            <Button icon={FolderInput} isDisabled={isDisabled} onPress={() => choose('log-folder')}>
              {AUDIT_TEXT.chooseFolder}
            </Button>
          </>
        }
      >
        <p className="muted">{AUDIT_TEXT.importHint}</p>
      </DropZone>
    </div>
  );
};

export interface ImportDialogProps extends ImportFormProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export const ImportDialog = ({ imports, isOpen, onClose }: ImportDialogProps) => (
  <Dialog title={AUDIT_TEXT.importTitle} isOpen={isOpen} onClose={onClose} isDismissable>
    <ImportForm imports={imports} onStarted={onClose} />
  </Dialog>
);
