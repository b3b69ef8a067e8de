// Saved views: open one, save what is shown, delete one.
import { Bookmark as ViewIcon, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ImportId } from '../../../../shared/model/ids.ts';
import type { SavedView } from '../../../../shared/model/reading.ts';
import { describeError } from '../../../bridge/operation-error.ts';
import { useCommand, useOperation } from '../../../bridge/use-operation.ts';
import { useReadOnly } from '../../../bridge/use-read-only.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/fields.tsx';
import { MenuButton, type MenuEntry } from '../../../ui/menu.tsx';
import { ErrorNotice } from '../../../ui/panels.tsx';
import { UI_TEXT } from '../../../ui/text.ts';
import { type Choice, filterOf } from './reading-choice.ts';
import { READING_TEXT } from './text.ts';

export interface ViewsMenuProps {
  readonly importId: ImportId;
  readonly choice: Choice;
  readonly onOpen: (view: SavedView) => void;
}

const SaveDialog = ({
  importId,
  choice,
  views,
  onClose,
}: Omit<ViewsMenuProps, 'onOpen'> & {
  readonly views: readonly SavedView[];
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState('');
  const [isMissing, setMissing] = useState(false);
  const save = useCommand('reading.saveView', {
    onDone: () => {
      announce(READING_TEXT.viewSaved);
      onClose();
    },
  });
  const submit = (): void => {
    const trimmed = name.trim();
    setMissing(trimmed === '');
    if (trimmed === '') return;
    const same = views.find((view) => view.name === trimmed);
    save.mutate({
      importId,
      ...(same === undefined ? {} : { id: same.id }),
      name: trimmed,
      // Bookmarks and findings change; a view keeps what was filtered by.
      filter: filterOf({ ...choice, only: 'all', found: null }, { bookmarks: [], findings: [] }),
      order: choice.order,
      search: choice.found?.text ?? null,
    });
  };
  return (
    <Dialog
      title={READING_TEXT.saveViewTitle}
      isOpen
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{UI_TEXT.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={submit}>
            {READING_TEXT.save}
          </Button>
        </>
      }
    >
      <TextField
        autoFocus
        label={READING_TEXT.viewName}
        value={name}
        onChange={setName}
        onSubmit={submit}
        maxLength={120}
        error={isMissing ? READING_TEXT.viewNameMissing : undefined}
      />
      {save.error === null ? null : <ErrorNotice error={describeError(save.error)} />}
    </Dialog>
  );
};

export const ViewsMenu = ({ importId, choice, onOpen }: ViewsMenuProps) => {
  const isReadOnly = useReadOnly();
  const views = useOperation('reading.views', { importId }, { staleTime: Infinity });
  const remove = useCommand('reading.deleteView');
  const [isSaving, setSaving] = useState(false);
  const known = views.data ?? [];
  const entries: MenuEntry[] = [
    ...known.map((view) => ({ id: view.id, label: view.name, icon: ViewIcon, run: () => onOpen(view) })),
    ...(known.length === 0 ? [] : ['separator' as const]),
    {
      id: 'save',
      label: READING_TEXT.saveView,
      icon: Plus,
      isDisabled: isReadOnly,
      run: () => setSaving(true),
    },
    ...known.map((view) => ({
      id: `delete ${view.id}`,
      label: READING_TEXT.deleteView(view.name),
      icon: Trash2,
      isDanger: true,
      isDisabled: isReadOnly,
      run: () => remove.mutate({ id: view.id }),
    })),
  ];
  return (
    <>
      <MenuButton label={READING_TEXT.views} entries={entries} />
      {isSaving ? (
        <SaveDialog importId={importId} choice={choice} views={known} onClose={() => setSaving(false)} />
      ) : null}
    </>
  );
};
