// Looks for the smallest benign change of a record that reproduces its stored hash: a hit proves the record as hashed.
import type { PyDict } from '../../../../../shared/chain/python-json.ts';
import { sha256Text } from './hashed-record.ts';
import { fillTemplate } from './repair-template.ts';
import type { Template } from './repair-template.ts';
import { fillerOf, formOf, Trials } from './repair-trials.ts';
import type { Trial } from './repair-trials.ts';
import type { Choice, RepairShape } from './repair-variants.ts';
import { candidateCount, candidates, MAX_CANDIDATES } from './rounded-integer.ts';

export type RepairOutcome =
  /** `steps` in plain words. `isNumeric`: a tool that re-writes numbers has handled the record. */
  | { readonly kind: 'repaired'; readonly steps: readonly string[]; readonly isNumeric: boolean }
  /** A rounded big integer could explain the difference, but not all candidates could be tried. */
  | { readonly kind: 'unproven'; readonly paths: readonly string[] }
  | { readonly kind: 'none' };

/** What worked before: tried first on the next record. */
interface Recipe {
  readonly choices: readonly Choice[];
  readonly patterns: ReadonlySet<string>;
}

const MAX_RECIPES = 8;
/** Hashes spent on one record in search of number forms, and on candidates of rounded integers. */
const RECORD_BUDGET = 8192;
const ROUNDED_RECORD_BUDGET = 300_000;

/** Hashes spent on the records of one cell (see CELL_BYTES); then only the cheap attempts remain. */
export interface RepairBudget {
  readonly forms: number;
  readonly rounded: number;
}
/** The first cell shows what happened to a log; the later ones only have to find the same again. */
export const FIRST_BUDGET: RepairBudget = { forms: 1_000_000, rounded: 3_000_000 };
export const LATER_BUDGET: RepairBudget = { forms: 40_000, rounded: 100_000 };
const MAX_GROUPS = 12;
/** Attempts that every record gets, even when the budget is spent. */
const MINIMUM = 12;
const MAX_VARIANTS = 96;
/** Variants of a record that are tried once the budget is spent. */
const MAX_VARIANTS_AFTER = 2;

const NONE: RepairOutcome = { kind: 'none' };

export class RepairSearch {
  readonly #shape: RepairShape;
  #recipes: Recipe[] = [];
  #formsBudget: number;
  #roundedBudget: number;
  #left = 0;
  /** What one hash of the record at hand costs: 1 for each 512 characters. */
  #cost = 1;

  constructor(shape: RepairShape, budget: RepairBudget) {
    this.#shape = shape;
    this.#formsBudget = budget.forms;
    this.#roundedBudget = budget.rounded;
  }

  /**
   * `body`: the record without its hash fields, `size` the length of its canonical text. `stored`: the hash to
   * reproduce.
   */
  search(body: PyDict, size: number, stored: string): RepairOutcome {
    if (!/^[0-9a-f]{64}$/.test(stored)) return NONE;
    this.#cost = 1 + (size >> 9);
    const trials = new Trials(body, this.#shape, size);
    const budget = Math.max(Math.min(RECORD_BUDGET, this.#formsBudget), MINIMUM * this.#cost);
    this.#left = budget;
    const found = this.#byRecipe(trials, stored) ?? this.#byForms(trials, stored);
    this.#formsBudget -= budget - Math.max(0, this.#left);
    return found ?? this.#byRounding(trials, stored);
  }

  #byRecipe(trials: Trials, stored: string): RepairOutcome | null {
    for (const recipe of this.#recipes) {
      const trial = trials.chosen(recipe.choices);
      if (trial === undefined) continue;
      const patterns = [...recipe.patterns].filter((pattern) => trial.groups.has(pattern));
      if (this.#tryPatterns(trial, patterns, stored)) return this.#repaired(trial, patterns);
    }
    return null;
  }

  #byForms(trials: Trials, stored: string): RepairOutcome | null {
    const limit = this.#formsBudget > 0 ? MAX_VARIANTS : MAX_VARIANTS_AFTER;
    for (const trial of trials.all(limit)) {
      const patterns = [...trial.groups.keys()];
      const attempts = [[], patterns, ...patterns.map((pattern) => [pattern])];
      for (const attempt of attempts) {
        if (this.#tryPatterns(trial, attempt, stored)) return this.#repaired(trial, attempt);
        if (this.#left <= 0) return null;
      }
    }
    for (const trial of trials.all(limit)) {
      const found = this.#groupSubsets(trial, stored) ?? this.#singleAtoms(trial, stored);
      if (found !== null || this.#left <= 0) return found;
    }
    return null;
  }

  /** Subsets of two and more patterns, smallest first. */
  #groupSubsets(trial: Trial, stored: string): RepairOutcome | null {
    const patterns = this.#likeliestFirst([...trial.groups.keys()]).slice(0, MAX_GROUPS);
    for (let size = 2; size < patterns.length; size += 1) {
      for (const subset of combinations(patterns, size)) {
        if (this.#left <= 0) return null;
        if (this.#tryPatterns(trial, subset, stored)) return this.#repaired(trial, subset);
      }
    }
    return null;
  }

  /** Single numbers and pairs of them, where a list holds both whole and broken numbers, or a minus zero. */
  #singleAtoms(trial: Trial, stored: string): RepairOutcome | null {
    const { atoms } = trial.template;
    const forms = atoms.flatMap((atom, at) => atom.alternatives.map((form) => ({ at, form })));
    for (const [i, first] of forms.entries()) {
      for (let j = i; j < forms.length; j += 1) {
        const second = forms[j] ?? first;
        if (this.#left <= 0) return null;
        const fill = (at: number): string =>
          at === first.at ? first.form : at === second.at ? second.form : (atoms[at]?.asWritten ?? '');
        if (!this.#matches(trial.template, fill, stored)) continue;
        const paths = [...new Set([first, second].map(({ at }) => atoms[at]?.pattern ?? ''))];
        return this.#repaired(trial, paths, false);
      }
    }
    return null;
  }

  /** One number of the record was a larger integer: every integer that rounds to the same double is tried. */
  #byRounding(trials: Trials, stored: string): RepairOutcome {
    const paths = new Set<string>();
    let isComplete = true;
    this.#left = Math.min(ROUNDED_RECORD_BUDGET, this.#roundedBudget);
    const before = this.#left;
    for (const trial of trials.all(8)) {
      const rounded = trial.template.atoms.flatMap((atom, at) => (atom.rounded === null ? [] : [at]));
      // A variant only leaves out or adds what is no number, or no rounded one.
      if (rounded.length === 0) break;
      // Two rounded numbers at once: their product of candidates is out of reach.
      if (rounded.length > 1) isComplete = false;
      for (const at of rounded) {
        paths.add(trial.template.atoms[at]?.pattern ?? '');
        const found = this.#roundedAt(trial, at, stored);
        if (found === 'incomplete') isComplete = false;
        else if (found !== null) {
          this.#roundedBudget -= before - this.#left;
          return found;
        }
      }
    }
    this.#roundedBudget -= before - this.#left;
    return paths.size === 0 || isComplete ? NONE : { kind: 'unproven', paths: [...paths] };
  }

  #roundedAt(trial: Trial, at: number, stored: string): RepairOutcome | 'incomplete' | null {
    const atom = trial.template.atoms[at];
    if (atom?.rounded === null || atom === undefined) return null;
    const others = this.#likeliestFirst(
      [...trial.groups.keys()].filter((pattern) => pattern !== atom.pattern),
    );
    const assignments = subsetsLikeliestFirst(others, this.#recipes[0]?.patterns);
    const count = candidateCount(atom.rounded);
    if (count > MAX_CANDIDATES) return 'incomplete';
    for (const patterns of assignments) {
      if (this.#left < count * this.#cost) return 'incomplete';
      const filled = fillerOf(trial, patterns);
      const before = fillTemplate(trial.template, (i) => (i === at ? '\0' : filled(i))).split('\0');
      for (const candidate of candidates(atom.rounded)) {
        this.#left -= this.#cost;
        if (sha256Text(`${before[0] ?? ''}${candidate}${before[1] ?? ''}`) !== stored) continue;
        const repaired = this.#repaired(trial, patterns);
        const steps = [...repaired.steps, `the integer at ${atom.pattern} before it was rounded`];
        return { ...repaired, steps, isNumeric: true };
      }
    }
    return assignments.length < 2 ** others.length ? 'incomplete' : null;
  }

  #likeliestFirst(patterns: readonly string[]): readonly string[] {
    const known = (pattern: string): number =>
      this.#recipes.filter((recipe) => recipe.patterns.has(pattern)).length;
    return patterns.toSorted((a, b) => known(b) - known(a));
  }

  #tryPatterns(trial: Trial, patterns: readonly string[], stored: string): boolean {
    return this.#matches(trial.template, fillerOf(trial, patterns), stored);
  }

  #matches(template: Template, fill: (i: number) => string, stored: string): boolean {
    if (this.#left <= 0) return false;
    this.#left -= this.#cost;
    return sha256Text(fillTemplate(template, fill)) === stored;
  }

  #repaired(
    trial: Trial,
    patterns: readonly string[],
    isRecipe = true,
  ): RepairOutcome & { kind: 'repaired' } {
    if (isRecipe) this.#learn(trial.variant.choices, new Set(patterns));
    const numeric = patterns.map((pattern) => `${pattern} ${formOf(trial, pattern)}`);
    return {
      kind: 'repaired',
      steps: [...trial.variant.choices.map(({ step }) => step), ...numeric],
      isNumeric: patterns.length > 0,
    };
  }

  /**
   * Puts a recipe first, and before it its union with what else worked on the same variant: a pattern whose numbers
   * happen to be broken in one record is missing from that record's own recipe.
   */
  #learn(choices: readonly Choice[], patterns: ReadonlySet<string>): void {
    const isSameVariant = (recipe: Recipe): boolean => isSameChoice(recipe.choices, choices);
    const first = this.#recipes[0];
    const known = this.#recipes.find(isSameVariant);
    if (first !== undefined && first === known && isSubset(patterns, first.patterns)) return;
    const union = new Set([...patterns, ...(known?.patterns ?? [])]);
    const others = this.#recipes.filter(
      (recipe) =>
        !isSameVariant(recipe) ||
        (!isSameSet(recipe.patterns, patterns) && !isSameSet(recipe.patterns, union)),
    );
    const exact = isSameSet(union, patterns) ? [] : [{ choices, patterns }];
    this.#recipes = [{ choices, patterns: union }, ...exact, ...others].slice(0, MAX_RECIPES);
  }
}

const isSameChoice = (a: readonly Choice[], b: readonly Choice[]): boolean =>
  a.length === b.length && a.every(({ step }, i) => step === b[i]?.step);

const isSubset = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  [...a].every((item) => b.has(item));

const isSameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && isSubset(a, b);

function* combinations<T>(items: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = from; i + size <= items.length; i += 1) {
    for (const rest of combinations(items, size - 1, i + 1)) yield [items[i] as T, ...rest];
  }
}

const MAX_SUBSET_PATTERNS = 4;

/** Every subset of up to four patterns, the ones that worked before first; of more patterns only the likeliest few. */
const subsetsLikeliestFirst = (
  patterns: readonly string[],
  known: ReadonlySet<string> | undefined,
): readonly (readonly string[])[] => {
  const base = patterns.slice(0, MAX_SUBSET_PATTERNS);
  const all = Array.from({ length: 2 ** base.length }, (_, i) =>
    base.filter((_pattern, bit) => (i >> bit) & 1),
  );
  const distance = (subset: readonly string[]): number =>
    base.filter((pattern) => subset.includes(pattern) !== (known?.has(pattern) ?? false)).length;
  const wide = patterns.length > MAX_SUBSET_PATTERNS ? [patterns] : [];
  return [...all.toSorted((a, b) => distance(a) - distance(b)), ...wide];
};
