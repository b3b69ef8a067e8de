// Recipes kept under a name: their records, and the operations on them.
import * as v from 'valibot';
import { parseRecipe, recipeJson } from '../../../shared/chain/recipe.ts';
import { recipeScript } from '../../../shared/chain/recipe-script.ts';
import { recipeWords } from '../../../shared/chain/recipe-words.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { SavedRecipe } from '../../../shared/model/audit.ts';
import { RecipeId } from '../../../shared/model/ids.ts';
import type { HandlersOf } from '../../gateway/operation-context.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import type { FileHandles } from '../../ports/file-handles.ts';
import { writeNewFile } from '../../ports/write-new-file.ts';
import type { Vault } from '../../store/vault.ts';
import { one } from './verify-log.ts';

const listRecipes = async (vault: Vault): Promise<SavedRecipe[]> =>
  (await vault.records.list('recipe', {}))
    .map((record) => v.parse(SavedRecipe, record.body))
    .toSorted((a, b) => a.name.localeCompare(b.name));

export interface RecipeParts {
  readonly handles: FileHandles;
  readonly clock: Clock;
  readonly ids: Ids;
}

export const recipeHandlers = ({ handles, clock, ids }: RecipeParts): HandlersOf<'recipes'> => ({
  'recipes.list': (_input, { vault }) => listRecipes(vault),
  'recipes.explain': ({ json }) => {
    const recipe = parseRecipe(json);
    return { words: recipeWords(recipe), script: recipeScript(recipe) };
  },
  'recipes.save': async ({ name, json }, { vault, stage, note }) => {
    // Parsed again, so that its members stand in the order of the schema.
    const recipe = parseRecipe(JSON.stringify({ ...parseRecipe(json), name }));
    const known = (await listRecipes(vault)).find((each) => each.name === name);
    const saved: SavedRecipe = {
      id: known?.id ?? v.parse(RecipeId, ids.make('rcp')),
      name,
      words: recipeWords(recipe),
      json: recipeJson(recipe),
      savedAt: clock.now(),
    };
    stage({ kind: 'recipe', id: saved.id, caseId: null, body: saved });
    note(saved.id);
    return saved;
  },
  'recipes.delete': async ({ id }, { vault, stageRemoval, note }) => {
    if ((await vault.records.get('recipe', id)) === null)
      throw new AppError('record.not_found', { kind: 'recipe' });
    stageRemoval({ kind: 'recipe', id });
    note(id);
    return {};
  },
  'recipes.export': async ({ json, as, to }, { note }) => {
    const recipe = parseRecipe(json);
    const text = as === 'json' ? recipeJson(recipe) : recipeScript(recipe);
    const written = await writeNewFile(handles.path(to), one(Buffer.from(text, 'utf8')));
    note(null, { as, bytes: written.bytes, sha256: written.sha256 });
    return written;
  },
});
