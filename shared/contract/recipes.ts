// Operations on recipes: how hash chains are hashed, kept under a name, edited, and written as files and scripts.
import * as v from 'valibot';
import { SavedRecipe } from '../model/audit.ts';
import { FileHandle, RecipeId } from '../model/ids.ts';
import { op } from './define.ts';

const Json = v.pipe(v.string(), v.maxLength(65_536));
const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));

export const recipesContract = {
  'recipes.list': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'internal',
    journal: 'recipes.list',
    input: v.strictObject({}),
    output: v.array(SavedRecipe),
  }),
  /** What a recipe says, in plain words. Fails with audit.recipe_invalid, which names the place. */
  'recipes.explain': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'internal',
    journal: null,
    input: v.strictObject({ json: Json }),
    output: v.strictObject({ words: v.string(), script: v.string() }),
  }),
  /** Keeps a recipe under a name; the same name again replaces it. */
  'recipes.save': op({
    kind: 'command',
    permission: 'audit.run',
    clearance: 'internal',
    journal: 'recipes.save',
    input: v.strictObject({ name: Name, json: Json }),
    output: SavedRecipe,
  }),
  'recipes.delete': op({
    kind: 'command',
    permission: 'audit.run',
    clearance: 'internal',
    journal: 'recipes.delete',
    input: v.strictObject({ id: RecipeId }),
    output: v.strictObject({}),
  }),
  /** Writes a recipe as its JSON form, or as a Python script that needs nothing but its standard library. */
  'recipes.export': op({
    kind: 'command',
    permission: 'audit.read',
    clearance: 'internal',
    journal: 'recipes.export',
    input: v.strictObject({ json: Json, as: v.picklist(['json', 'script']), to: FileHandle }),
    output: v.strictObject({ name: v.string(), bytes: v.number(), sha256: v.string() }),
  }),
} as const;
