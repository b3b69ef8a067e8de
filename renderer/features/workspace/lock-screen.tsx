// The locked workspace: its name and the way in, nothing else.
import { LockKeyhole } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { WorkspaceStatus } from '../../../shared/model/workspace.ts';
import { describeError, OperationError } from '../../bridge/operation-error.ts';
import { useCommand } from '../../bridge/use-operation.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { PassphraseField } from '../../ui/fields.tsx';
import { focusFirstInvalid } from '../../ui/focus.ts';
import { Badge } from '../../ui/marks.tsx';
import { Callout, ErrorNotice } from '../../ui/panels.tsx';
import { WORKSPACE_TEXT } from './text.ts';
import { useCapsLock } from './use-caps-lock.ts';

export interface LockScreenProps {
  readonly status: WorkspaceStatus;
  readonly reason: keyof typeof WORKSPACE_TEXT.lockedBy | null;
  readonly onOpen: (status: WorkspaceStatus) => void;
  readonly onChooseOther: () => void;
}

export const LockScreen = ({ status, reason, onOpen, onChooseOther }: LockScreenProps) => {
  const [passphrase, setPassphrase] = useState('');
  const [isEmptyTold, setEmptyTold] = useState(false);
  const caps = useCapsLock();
  const unlock = useCommand('workspace.unlock', { onDone: onOpen });
  const isRefused = unlock.error !== null;
  useEffect(() => {
    if (isRefused) focusFirstInvalid(null);
  }, [isRefused]);
  const isWrong =
    unlock.error instanceof OperationError && unlock.error.code === 'workspace.wrong_passphrase';
  const wrongWords = isWrong ? describeError(unlock.error) : null;

  const submit = (): void => {
    if (unlock.isPending) return;
    setEmptyTold(passphrase === '');
    if (passphrase !== '') unlock.mutate({ passphrase });
  };
  const fieldError = isEmptyTold
    ? WORKSPACE_TEXT.passphraseEmpty
    : wrongWords === null
      ? undefined
      : `${wrongWords.what} ${wrongWords.remedy}`;

  return (
    <main className="gate">
      <div className="gate-card">
        <div className="gate-head">
          <LockKeyhole className="icon gate-icon" aria-hidden />
          <div>
            <h1>{status.name ?? WORKSPACE_TEXT.productName}</h1>
            {reason === null ? null : <p className="muted">{WORKSPACE_TEXT.lockedBy[reason]}</p>}
          </div>
          {status.isSample ? <Badge tone="info">Sample</Badge> : null}
        </div>
        <div className="stack">
          <PassphraseField
            label={WORKSPACE_TEXT.passphrase}
            value={passphrase}
            onChange={(value) => {
              setPassphrase(value);
              setEmptyTold(false);
              if (unlock.error !== null) unlock.reset();
            }}
            onSubmit={submit}
            onKeyDown={caps.onKey}
            onKeyUp={caps.onKey}
            error={fieldError}
            help={unlock.isPending ? WORKSPACE_TEXT.unlockHint : undefined}
            autoFocus
          />
          {caps.isOn ? <Callout tone="attention">{WORKSPACE_TEXT.capsLock}</Callout> : null}
          {unlock.error === null || isWrong ? null : <ErrorNotice error={describeError(unlock.error)} />}
          <Button variant="primary" onPress={submit} isPending={unlock.isPending}>
            {unlock.isPending ? WORKSPACE_TEXT.unlocking : WORKSPACE_TEXT.unlock}
          </Button>
        </div>
        <p className="gate-foot">
          <LinkButton onPress={onChooseOther}>{WORKSPACE_TEXT.chooseOther}</LinkButton>
        </p>
      </div>
    </main>
  );
};
