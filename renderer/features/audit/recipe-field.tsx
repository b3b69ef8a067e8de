// How the log is hashed, where the user knows it: inferred, a saved recipe, a file's, or one edited here.
import { Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import { type Recipe, recipeJson } from '../../../shared/chain/recipe.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useCommand, useOperation } from '../../bridge/use-operation.ts';
import { IconButton } from '../../ui/button.tsx';
import { Select, TextArea } from '../../ui/fields.tsx';
import { Callout, ErrorNotice } from '../../ui/panels.tsx';
import { Prose } from '../../ui/prose.tsx';
import { AUDIT_TEXT } from './text.ts';
import { useSettled } from './use-settled.ts';

/** Milliseconds without a keystroke before a recipe is read. */
const SETTLE_MS = 300;
const INFER = 'infer';
const OWN = 'own';

/** Where a recipe of one's own begins: the commonest dialect. */
const START: Recipe = {
  version: 1,
  layout: 'json',
  cells: 'typed',
  own: 'hash',
  prev: 'prev_hash',
  chain: [],
  body: { kind: 'record', without: ['hash'] },
  wrap: null,
  insert: null,
  text: {
    kind: 'json',
    order: 'code-point',
    separators: 'compact',
    ascii: false,
    html: false,
    numbers: 'python',
    nulls: 'keep',
  },
  template: '{body}',
  first: null,
  digest: { algorithm: 'sha256', keyed: 'none', encoding: 'hex', prefix: '', bytes: 32 },
  genesis: null,
  inner: [],
  signature: null,
};

export interface RecipeFieldProps {
  /** The recipe as JSON; '' = infer it. */
  readonly json: string;
  readonly onChange: (json: string) => void;
}

/** What the operation takes. */
export const recipeInput = (json: string): { readonly recipe?: string } =>
  json.trim() === '' ? {} : { recipe: json };

export const RecipeField = ({ json, onChange }: RecipeFieldProps) => {
  const saved = useOperation('recipes.list', {});
  const settled = useSettled(json, SETTLE_MS);
  const explained = useOperation(
    'recipes.explain',
    { json: settled },
    { enabled: settled.trim() !== '', keepPrevious: false, staleTime: Infinity },
  );
  const remove = useCommand('recipes.delete', {});
  const chosen = useMemo(() => saved.data?.find((recipe) => recipe.json === json), [saved.data, json]);
  const value = json === '' ? INFER : (chosen?.id ?? OWN);
  const options = [
    { id: INFER, label: AUDIT_TEXT.recipeInfer },
    ...(saved.data ?? []).map(({ id, name, words }) => ({ id: id as string, label: name, help: words })),
    { id: OWN, label: AUDIT_TEXT.recipeOwn },
  ];
  const choose = (id: string): void => {
    if (id === INFER) onChange('');
    else if (id === OWN) onChange(json === '' ? recipeJson(START) : json);
    else onChange(saved.data?.find((recipe) => recipe.id === id)?.json ?? '');
  };
  return (
    <div className="stack">
      <div className="row recipe-choice">
        <Select
          label={AUDIT_TEXT.recipeChoice}
          help={AUDIT_TEXT.recipeHelp}
          options={options}
          value={value}
          onChange={choose}
        />
        {chosen === undefined ? null : (
          <IconButton
            icon={Trash2}
            label={AUDIT_TEXT.recipeDelete(chosen.name)}
            onPress={() => remove.mutate({ id: chosen.id })}
          />
        )}
      </div>
      {json === '' ? null : (
        <TextArea
          label={AUDIT_TEXT.recipeJson}
          value={json}
          onChange={onChange}
          rows={8}
          isMono
          error={explained.error === null ? undefined : describeError(explained.error).what}
        />
      )}
      {json === '' || explained.data === undefined ? null : (
        <div role="status">
          <Callout tone="info">
            <Prose text={explained.data.words} />
          </Callout>
        </div>
      )}
      {remove.error === null ? null : <ErrorNotice error={describeError(remove.error)} />}
    </div>
  );
};
