// One case: its particulars, which can be edited and undone, and its contents.
import { Redo2, Save, Undo2 } from 'lucide-react';
import type { FocusEvent, KeyboardEvent } from 'react';
import type { Case } from '../../../shared/model/case.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useReadOnly } from '../../bridge/use-read-only.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextArea, TextField } from '../../ui/fields.tsx';
import { DateTime } from '../../ui/marks.tsx';
import { ErrorNotice, Panel } from '../../ui/panels.tsx';
import { displayKeys, isMac, matchesChord, parseChord } from '../../ui/shortcut.ts';
import { CaseContents } from './case-contents.tsx';
import { CASES_TEXT } from './text.ts';
import { useCaseForm } from './use-case-form.ts';

const SAVE = parseChord('Mod+S');
const UNDO = parseChord('Mod+Z');
const REDO = parseChord('Mod+Shift+Z');
const REDO_TOO = parseChord('Mod+Y');
const STATE_WORDS = {
  saved: CASES_TEXT.saved,
  unsaved: CASES_TEXT.unsaved,
  saving: CASES_TEXT.saving,
} as const;

const CaseForm = ({ record }: { readonly record: Case }) => {
  const form = useCaseForm(record);
  const { draft } = form;
  const isReadOnly = useReadOnly();
  const onKeyDown = (event: KeyboardEvent): void => {
    const mac = isMac();
    const hit = (chord: typeof SAVE): boolean => matchesChord(event, chord, mac);
    const act = hit(SAVE)
      ? () => void form.save()
      : hit(UNDO)
        ? draft.undo
        : hit(REDO) || hit(REDO_TOO)
          ? draft.redo
          : null;
    if (act === null) return;
    event.preventDefault();
    act();
  };
  const onBlur = (event: FocusEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) void form.save();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it listens to the keys of the fields inside
    <div onKeyDown={onKeyDown} onBlur={onBlur} role="group" aria-label={CASES_TEXT.details}>
      <Panel
        title={CASES_TEXT.details}
        aside={<span role="status">{STATE_WORDS[form.state]}</span>}
        actions={
          <>
            <IconButton
              icon={Undo2}
              label={CASES_TEXT.undo}
              keys={displayKeys('Mod+Z').join('+')}
              size="small"
              isDisabled={!draft.canUndo}
              onPress={draft.undo}
            />
            <IconButton
              icon={Redo2}
              label={CASES_TEXT.redo}
              keys={displayKeys('Mod+Shift+Z').join('+')}
              size="small"
              isDisabled={!draft.canRedo}
              onPress={draft.redo}
            />
            <Button
              icon={Save}
              size="small"
              isDisabled={form.state !== 'unsaved' || form.isNameEmpty}
              onPress={() => void form.save()}
            >
              {CASES_TEXT.save}
            </Button>
          </>
        }
      >
        <div className="case-fields">
          <TextField
            label={CASES_TEXT.name}
            value={draft.value.name}
            onChange={(value) => draft.edit('name', value)}
            error={form.isNameEmpty ? CASES_TEXT.nameEmpty : undefined}
            maxLength={200}
            isReadOnly={isReadOnly}
          />
          <TextField
            label={CASES_TEXT.reference}
            value={draft.value.reference}
            onChange={(value) => draft.edit('reference', value)}
            maxLength={100}
            isReadOnly={isReadOnly}
          />
        </div>
        <TextArea
          label={CASES_TEXT.purpose}
          value={draft.value.purpose}
          onChange={(value) => draft.edit('purpose', value)}
          help={CASES_TEXT.purposeHelp}
          maxLength={1000}
          isReadOnly={isReadOnly}
          rows={2}
        />
        <TextArea
          label={CASES_TEXT.notes}
          value={draft.value.notes}
          onChange={(value) => draft.edit('notes', value)}
          help={CASES_TEXT.notesHelp}
          maxLength={100_000}
          isReadOnly={isReadOnly}
          rows={5}
        />
        {form.error === null ? null : <ErrorNotice error={describeError(form.error)} />}
      </Panel>
    </div>
  );
};

export const CaseDetail = ({ record }: { readonly record: Case }) => (
  <div className="case-detail" data-region="">
    <div className="case-head">
      <h2>{record.name}</h2>
      <p className="muted">
        {record.reference === '' ? null : <>{record.reference} · </>}
        {CASES_TEXT.created} <DateTime value={record.createdAt} />
      </p>
    </div>
    <CaseContents caseId={record.id} />
    <CaseForm record={record} />
  </div>
);
