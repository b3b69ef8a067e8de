// The start screen: create, open, recent, sample.
import { ArrowLeft, ChevronRight, FlaskConical, FolderOpen, FolderPlus, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { FileHandle } from '../../../shared/model/ids.ts';
import type { WorkspaceStatus } from '../../../shared/model/workspace.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { useCommand, useOperation } from '../../bridge/use-operation.ts';
import { Button } from '../../ui/button.tsx';
import { DateTime } from '../../ui/marks.tsx';
import { ErrorNotice } from '../../ui/panels.tsx';
import { CreateForm } from './create-form.tsx';
import { WORKSPACE_TEXT } from './text.ts';

export interface FirstRunProps {
  readonly appVersion: string;
  readonly onStatus: (status: WorkspaceStatus) => void;
  readonly onSample: (status: WorkspaceStatus, passphrase: string) => void;
  readonly onBack?: (() => void) | undefined;
}

interface ChoiceProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly help: string;
  readonly onPress: () => void;
  readonly isDisabled?: boolean;
}

const Choice = ({ icon: Icon, title, help, onPress, isDisabled = false }: ChoiceProps) => (
  <li>
    <button type="button" className="choice" onClick={onPress} disabled={isDisabled}>
      <Icon className="icon" aria-hidden />
      <span className="choice-text">
        <span className="choice-title">{title}</span>
        <span className="muted">{help}</span>
      </span>
      <ChevronRight className="icon" aria-hidden />
    </button>
  </li>
);

const Recent = ({ onPick }: { readonly onPick: (place: FileHandle) => void }) => {
  const recent = useOperation('workspace.recent', {});
  if (recent.data === undefined || recent.data.length === 0) return null;
  return (
    <section aria-labelledby="recent-title" className="stack">
      <h2 id="recent-title">{WORKSPACE_TEXT.recent}</h2>
      <ul className="choices">
        {recent.data.map((item) => (
          <li key={item.handle}>
            <button type="button" className="choice" onClick={() => onPick(item.handle)}>
              <span className="choice-text">
                <span className="choice-title">{item.name}</span>
                <span className="muted">
                  {item.folder} · {WORKSPACE_TEXT.lastOpened} <DateTime value={item.openedAt} />
                </span>
              </span>
              <ChevronRight className="icon" aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};

export const FirstRun = ({ appVersion, onStatus, onSample, onBack }: FirstRunProps) => {
  const files = useFiles();
  const [isCreating, setCreating] = useState(false);
  const [chooseError, setChooseError] = useState<unknown>(null);
  const select = useCommand('workspace.select', { onDone: onStatus });
  const sample = useCommand('workspace.openSample', {
    onDone: (made) => onSample(made.status, made.passphrase),
  });
  const error = chooseError ?? select.error ?? sample.error;
  const isBusy = select.isPending || sample.isPending;

  const open = (): void => {
    setChooseError(null);
    files.choose('workspace').then(
      (chosen) => {
        if (chosen !== null) select.mutate({ place: chosen.handle });
      },
      (reason: unknown) => setChooseError(reason),
    );
  };

  return (
    <main className="gate">
      <div className="gate-card" data-wide="">
        {isCreating ? (
          <CreateForm onStatus={onStatus} onBack={() => setCreating(false)} />
        ) : (
          <>
            <div className="gate-brand">
              <h1>{WORKSPACE_TEXT.productName}</h1>
              <p className="muted">{WORKSPACE_TEXT.tagline}</p>
            </div>
            <ul className="choices">
              <Choice
                icon={FolderPlus}
                title={WORKSPACE_TEXT.create}
                help={WORKSPACE_TEXT.createHelp}
                onPress={() => setCreating(true)}
                isDisabled={isBusy}
              />
              <Choice
                icon={FolderOpen}
                title={WORKSPACE_TEXT.open}
                help={WORKSPACE_TEXT.openHelp}
                onPress={open}
                isDisabled={isBusy}
              />
              <Choice
                icon={FlaskConical}
                title={sample.isPending ? WORKSPACE_TEXT.samplePending : WORKSPACE_TEXT.sample}
                help={WORKSPACE_TEXT.sampleHelp}
                onPress={() => sample.mutate({})}
                isDisabled={isBusy}
              />
            </ul>
            <div role="status" className="visually-hidden">
              {sample.isPending ? WORKSPACE_TEXT.samplePending : ''}
            </div>
            {error === null ? null : <ErrorNotice error={describeError(error)} />}
            <Recent onPick={(place) => select.mutate({ place })} />
            <p className="gate-foot muted">
              {onBack === undefined ? null : (
                <Button icon={ArrowLeft} variant="quiet" size="small" onPress={onBack}>
                  {WORKSPACE_TEXT.backToLock}
                </Button>
              )}
              {WORKSPACE_TEXT.version(appVersion)}
            </p>
          </>
        )}
      </div>
    </main>
  );
};
