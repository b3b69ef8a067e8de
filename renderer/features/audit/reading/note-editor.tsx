// The note on a bookmark: a draft that survives navigation, can be undone, and is saved before a lock.
import { Redo2, Save, Undo2 } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { type Bookmark, NOTE_LIMIT } from '../../../../shared/model/reading.ts';
import { describeError } from '../../../bridge/operation-error.ts';
import { useCommand } from '../../../bridge/use-operation.ts';
import { useReadOnly } from '../../../bridge/use-read-only.ts';
import { onBeforeLock } from '../../../state/before-lock.ts';
import { useDraft } from '../../../state/drafts.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { TextArea } from '../../../ui/fields.tsx';
import { ErrorNotice } from '../../../ui/panels.tsx';
import { READING_TEXT } from './text.ts';

export interface NoteEditorProps {
  readonly bookmark: Bookmark;
  /** Asked for with N. */
  readonly hasFocus: boolean;
}

export const NoteEditor = ({ bookmark, hasFocus }: NoteEditorProps) => {
  const { id, note } = bookmark;
  const isReadOnly = useReadOnly();
  const base = useMemo(() => ({ note }), [note]);
  const draft = useDraft(`note:${id}`, base);
  const save = useCommand('reading.note', {
    onDone: (saved) => {
      draft.saved({ note: saved.note });
      announce(READING_TEXT.noteSaved);
    },
  });
  const { mutateAsync } = save;
  const { isChanged, value } = draft;
  useEffect(() => {
    if (!isChanged || isReadOnly) return undefined;
    return onBeforeLock(async () => {
      await mutateAsync({ id, text: value.note });
    });
  }, [id, isChanged, isReadOnly, mutateAsync, value.note]);
  return (
    <div className="note-editor">
      <TextArea
        label={READING_TEXT.note}
        help={READING_TEXT.noteHelp}
        rows={4}
        value={value.note}
        onChange={(text) => draft.edit('note', text)}
        maxLength={NOTE_LIMIT}
        isReadOnly={isReadOnly}
        autoFocus={hasFocus}
      />
      <div className="row">
        <Button
          size="small"
          icon={Save}
          isDisabled={!isChanged || isReadOnly}
          isPending={save.isPending}
          onPress={() => save.mutate({ id, text: value.note })}
        >
          {READING_TEXT.saveNote}
        </Button>
        <IconButton
          icon={Undo2}
          size="small"
          label={READING_TEXT.undo}
          isDisabled={!draft.canUndo}
          onPress={draft.undo}
        />
        <IconButton
          icon={Redo2}
          size="small"
          label={READING_TEXT.redo}
          isDisabled={!draft.canRedo}
          onPress={draft.redo}
        />
      </div>
      {save.error === null ? null : <ErrorNotice error={describeError(save.error)} />}
    </div>
  );
};
