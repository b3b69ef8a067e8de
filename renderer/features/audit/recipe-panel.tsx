// How a hash chain was hashed: in words, as a recipe to keep or edit, and as a script that anyone can run.
import { FileCode, FileDown, Save } from 'lucide-react';
import { useState } from 'react';
import type { ImportId } from '../../../shared/model/ids.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { useCommand } from '../../bridge/use-operation.ts';
import { useReadOnly } from '../../bridge/use-read-only.ts';
import { navigate } from '../../state/ui-store.ts';
import { showToast } from '../../state/toasts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { TextField } from '../../ui/fields.tsx';
import { ErrorNotice, Panel } from '../../ui/panels.tsx';
import { Prose } from '../../ui/prose.tsx';
import { UI_TEXT } from '../../ui/text.ts';
import { keepRecipeDraft } from './recipe-draft.ts';
import { AUDIT_TEXT } from './text.ts';

type ShownRecipe = NonNullable<VerificationReport['recipe']>;

interface SaveDialogProps {
  readonly json: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

const SaveDialog = ({ json, isOpen, onClose }: SaveDialogProps) => {
  const [name, setName] = useState('');
  const save = useCommand('recipes.save', {
    onDone: (saved) => {
      showToast({ tone: 'pass', title: AUDIT_TEXT.recipeSaved, detail: saved.name });
      setName('');
      onClose();
    },
  });
  const isReady = name.trim() !== '' && !save.isPending;
  const submit = (): void => {
    if (isReady) save.mutate({ name, json });
  };
  return (
    <Dialog
      title={AUDIT_TEXT.recipeSave}
      isOpen={isOpen}
      onClose={onClose}
      size="small"
      footer={
        <>
          <Button onPress={onClose}>{UI_TEXT.cancel}</Button>
          <Button variant="primary" isDisabled={!isReady} onPress={submit}>
            {AUDIT_TEXT.recipeSave}
          </Button>
        </>
      }
    >
      <div className="stack">
        <TextField
          label={AUDIT_TEXT.recipeName}
          help={AUDIT_TEXT.recipeNameHelp}
          value={name}
          onChange={setName}
          onSubmit={submit}
          autoFocus
        />
        {save.error === null ? null : <ErrorNotice error={describeError(save.error)} />}
      </div>
    </Dialog>
  );
};

export interface RecipePanelProps {
  readonly recipe: ShownRecipe;
  readonly importId: ImportId;
}

export const RecipePanel = ({ recipe, importId }: RecipePanelProps) => {
  const files = useFiles();
  const isReadOnly = useReadOnly();
  const [isSaving, setSaving] = useState(false);
  const write = useCommand('recipes.export', {
    onDone: ({ name }) => showToast({ tone: 'pass', title: AUDIT_TEXT.recipeWritten, detail: name }),
  });
  const exportAs = (as: 'json' | 'script'): void => {
    void files.chooseNew(as === 'json' ? 'recipe' : 'script', AUDIT_TEXT.recipeFileName).then((file) => {
      if (file !== null) write.mutate({ json: recipe.json, as, to: file.handle });
    }, showError);
  };
  return (
    <Panel title={AUDIT_TEXT.recipeTitle}>
      <div className="stack">
        <p>
          <Prose text={recipe.words} />
        </p>
        <Disclosure title={AUDIT_TEXT.recipeJson} headingLevel={3}>
          <pre className="mono recipe-json">{recipe.json}</pre>
        </Disclosure>
        {write.error === null ? null : <ErrorNotice error={describeError(write.error)} />}
        <div className="row">
          <Button size="small" icon={FileCode} onPress={() => exportAs('script')}>
            {AUDIT_TEXT.recipeScript}
          </Button>
          <Button size="small" icon={FileDown} onPress={() => exportAs('json')}>
            {AUDIT_TEXT.recipeExport}
          </Button>
          <Button size="small" icon={Save} isDisabled={isReadOnly} onPress={() => setSaving(true)}>
            {AUDIT_TEXT.recipeSave}
          </Button>
          <Button
            size="small"
            isDisabled={isReadOnly}
            onPress={() => {
              keepRecipeDraft(importId, recipe.json);
              navigate('audit', { importId, intent: 'verify' });
            }}
          >
            {AUDIT_TEXT.recipeEdit}
          </Button>
        </div>
      </div>
      <SaveDialog json={recipe.json} isOpen={isSaving} onClose={() => setSaving(false)} />
    </Panel>
  );
};
