// Verifying a pack, one's own or a stranger's: the file, and the root certificate if there is one.
import { FileBadge, PackageSearch, X } from 'lucide-react';
import { useState } from 'react';
import type { FileHandle, JobId } from '../../../shared/model/ids.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useClient } from '../../bridge/provider.tsx';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { useCommand } from '../../bridge/use-operation.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { ErrorNotice } from '../../ui/panels.tsx';
import { UI_TEXT } from '../../ui/text.ts';
import { EVIDENCE_TEXT } from './text.ts';

interface Chosen {
  readonly handle: FileHandle;
  readonly name: string;
}

export interface CheckDialogProps {
  readonly onClose: () => void;
  readonly onStarted: (jobId: JobId) => void;
}

/** Mounted while it is open. */
export const CheckDialog = ({ onClose, onStarted }: CheckDialogProps) => {
  const client = useClient();
  const files = useFiles();
  const [pack, setPack] = useState<Chosen | null>(null);
  const [root, setRoot] = useState<Chosen | null>(null);
  const check = useCommand('evidence.verify', {
    onDone: ({ jobId }) => {
      onStarted(jobId);
      onClose();
    },
  });
  const choose = (purpose: 'pack' | 'certificate', take: (file: Chosen) => void): void => {
    void files.choose(purpose).then((file) => {
      if (file !== null) take({ handle: file.handle, name: file.name });
    }, showError);
  };
  return (
    <Dialog
      title={EVIDENCE_TEXT.checkTitle}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{UI_TEXT.cancel}</Button>
          <Button
            variant="primary"
            isDisabled={pack === null}
            onPress={() => {
              if (pack !== null && !check.isPending)
                check.mutate({ pack: pack.handle, ...(root === null ? {} : { root: root.handle }) });
            }}
          >
            {EVIDENCE_TEXT.checkThis}
          </Button>
        </>
      }
    >
      <div className="stack" data-gap="large">
        <DropZone
          label={pack === null ? EVIDENCE_TEXT.checkDrop : `${EVIDENCE_TEXT.chosenPack}: ${pack.name}`}
          onDrop={([file]) => {
            if (file !== undefined)
              void client.droppedFile(file).then(({ handle, name }) => setPack({ handle, name }), showError);
          }}
          actions={
            <Button icon={PackageSearch} onPress={() => choose('pack', setPack)}>
              {pack === null ? EVIDENCE_TEXT.choosePack : EVIDENCE_TEXT.otherPack}
            </Button>
          }
        />
        <div className="field" role="group" aria-label={EVIDENCE_TEXT.rootTitle}>
          <span className="field-label">
            {EVIDENCE_TEXT.rootTitle} <span className="muted">({UI_TEXT.optional})</span>
          </span>
          <div className="row">
            {root === null ? (
              <span className="muted">{EVIDENCE_TEXT.noRoot}</span>
            ) : (
              <>
                <span>{root.name}</span>
                <IconButton
                  icon={X}
                  size="small"
                  label={EVIDENCE_TEXT.removeRoot}
                  onPress={() => setRoot(null)}
                />
              </>
            )}
            <Button size="small" icon={FileBadge} onPress={() => choose('certificate', setRoot)}>
              {EVIDENCE_TEXT.chooseRoot}
            </Button>
          </div>
          <span className="field-help">{EVIDENCE_TEXT.rootOptionalHelp}</span>
        </div>
        {check.error === null ? null : <ErrorNotice error={describeError(check.error)} />}
      </div>
    </Dialog>
  );
};
