// Creating a workspace: name and place, organisation, passphrase, and the warning that it can't be recovered.
import { ArrowLeft, FolderOpen } from 'lucide-react';
import { useRef, useState } from 'react';
import type { OperationOutput } from '../../../shared/contract/index.ts';
import type { WorkspaceStatus } from '../../../shared/model/workspace.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { useCommand } from '../../bridge/use-operation.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, FieldProblem, PassphraseField, TextField } from '../../ui/fields.tsx';
import { Callout, ErrorNotice } from '../../ui/panels.tsx';
import { focusFirstInvalid } from '../../ui/focus.ts';
import { assessPassphrase } from './passphrase-strength.ts';
import { StrengthMeter } from './strength-meter.tsx';
import { WORKSPACE_TEXT } from './text.ts';
import { useCapsLock } from './use-caps-lock.ts';

type Place = NonNullable<OperationOutput<'files.chooseNew'>>;

const folderName = (name: string): string => `${name.trim()}.probity`;

export interface CreateFormProps {
  readonly onStatus: (status: WorkspaceStatus) => void;
  readonly onBack: () => void;
}

export const CreateForm = ({ onStatus, onBack }: CreateFormProps) => {
  const files = useFiles();
  const [name, setName] = useState('');
  const [place, setPlace] = useState<Place | null>(null);
  const [placeError, setPlaceError] = useState<unknown>(null);
  const [organisation, setOrganisation] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [confirm, setConfirm] = useState('');
  const [isStored, setStored] = useState(false);
  const [isTried, setTried] = useState(false);
  const placeButton = useRef<HTMLButtonElement>(null);
  const caps = useCapsLock();
  const create = useCommand('workspace.create', { onDone: onStatus });

  const isDifferent = confirm !== passphrase;
  const strength = assessPassphrase(passphrase);
  const isNameEmpty = name.trim() === '';
  const choosePlace = (): void => {
    setPlaceError(null);
    files.chooseNew('workspace', folderName(name)).then(
      (chosen) => {
        if (chosen !== null) setPlace(chosen);
      },
      (error: unknown) => setPlaceError(error),
    );
  };
  const submit = (): void => {
    setTried(true);
    if (create.isPending) return;
    if (isNameEmpty || !strength.isEnough || isDifferent) {
      focusFirstInvalid(null);
      return;
    }
    if (place === null) {
      placeButton.current?.focus();
      return;
    }
    if (!isStored) return;
    const trimmed = organisation.trim();
    create.mutate({ place: place.handle, passphrase, ...(trimmed === '' ? {} : { organisation: trimmed }) });
  };

  return (
    <div className="stack" data-gap="large">
      <div className="gate-head">
        <h1>{WORKSPACE_TEXT.create}</h1>
      </div>
      <div className="stack">
        <TextField
          label={WORKSPACE_TEXT.name}
          value={name}
          onChange={(value) => {
            setName(value);
            setPlace(null);
          }}
          help={isNameEmpty ? undefined : WORKSPACE_TEXT.nameHelp(folderName(name))}
          error={isTried && isNameEmpty ? WORKSPACE_TEXT.nameEmpty : undefined}
          maxLength={100}
          autoFocus
        />
        <div className="place">
          <span className="field-label" id="place-label">
            {WORKSPACE_TEXT.place}
          </span>
          <div className="row" role="group" aria-labelledby="place-label">
            <Button icon={FolderOpen} onPress={choosePlace} ref={placeButton} isDisabled={isNameEmpty}>
              {place === null ? WORKSPACE_TEXT.choosePlace : WORKSPACE_TEXT.changePlace}
            </Button>
            <span className={place === null ? 'muted' : 'mono'}>
              {place === null ? WORKSPACE_TEXT.placeNone : place.name}
            </span>
          </div>
          {isTried && !isNameEmpty && place === null ? (
            <FieldProblem>{WORKSPACE_TEXT.placeMissing}</FieldProblem>
          ) : null}
          {placeError === null ? null : <ErrorNotice error={describeError(placeError)} />}
        </div>
        <TextField
          label={WORKSPACE_TEXT.organisation}
          value={organisation}
          onChange={setOrganisation}
          help={WORKSPACE_TEXT.organisationHelp}
          maxLength={100}
          isOptional
        />
      </div>
      <div className="stack">
        <PassphraseField
          label={WORKSPACE_TEXT.passphrase}
          value={passphrase}
          onChange={setPassphrase}
          help={WORKSPACE_TEXT.passphraseHelp}
          error={
            isTried && !strength.isEnough
              ? passphrase === ''
                ? WORKSPACE_TEXT.passphraseEmpty
                : WORKSPACE_TEXT.passphraseWeak
              : undefined
          }
          onKeyDown={caps.onKey}
          onKeyUp={caps.onKey}
          autoComplete="new-password"
        />
        <StrengthMeter passphrase={passphrase} />
        <PassphraseField
          label={WORKSPACE_TEXT.confirm}
          value={confirm}
          onChange={setConfirm}
          error={
            isDifferent && (isTried || (confirm !== '' && confirm.length >= passphrase.length))
              ? WORKSPACE_TEXT.confirmDiffers
              : undefined
          }
          onKeyDown={caps.onKey}
          onKeyUp={caps.onKey}
          autoComplete="new-password"
        />
        {caps.isOn ? <Callout tone="attention">{WORKSPACE_TEXT.capsLock}</Callout> : null}
        <Callout tone="attention" title={WORKSPACE_TEXT.warningTitle}>
          <p>{WORKSPACE_TEXT.warningBody}</p>
        </Callout>
        <Checkbox isSelected={isStored} onChange={setStored}>
          {WORKSPACE_TEXT.warningTick}
        </Checkbox>
        {isTried && !isStored ? <FieldProblem>{WORKSPACE_TEXT.warningMissing}</FieldProblem> : null}
      </div>
      {create.error === null ? null : <ErrorNotice error={describeError(create.error)} />}
      <div className="row" data-end="">
        <Button icon={ArrowLeft} variant="quiet" onPress={onBack}>
          {WORKSPACE_TEXT.back}
        </Button>
        <Button variant="primary" onPress={submit} isPending={create.isPending}>
          {create.isPending ? WORKSPACE_TEXT.creating : WORKSPACE_TEXT.createButton}
        </Button>
      </div>
    </div>
  );
};
