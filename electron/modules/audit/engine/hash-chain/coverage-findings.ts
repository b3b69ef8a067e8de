// The coverage map of a log: fields and records that no hash protects, and digests too weak to rely on, as remarks.
import { algorithmWords } from '../../../../../shared/chain/recipe-words.ts';
import { innerRecipe, isLinked } from '../../../../../shared/chain/recipe.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { unprotectedFields } from './coverage.ts';
import type { CoverageSample } from './coverage.ts';
import { fieldAt } from './fields.ts';
import { reproduced } from './reproduce.ts';
import type { Prepared } from './prepare.ts';

export interface Coverage {
  readonly unprotectedFields: readonly string[];
  readonly weaknesses: readonly string[];
  readonly findings: readonly Finding[];
}

const NONE: Coverage = { unprotectedFields: [], weaknesses: [], findings: [] };
const STRONG_BYTES = 16;
const LOOKED_AT = 60;
const BROKEN: ReadonlySet<string> = new Set(['md5', 'sha1']);

/** Records of the beginning whose hash fits, with the previous hash by which it does. */
const samplesOf = (prepared: Prepared): readonly CoverageSample[] => {
  const { hit, records } = prepared;
  const { own, prev } = hit.recipe;
  const textAt = (i: number, path: string): string | null => {
    const record = records[i];
    const value = record === undefined ? undefined : fieldAt(record.dict, path);
    return typeof value === 'string' ? value : null;
  };
  return records.slice(0, LOOKED_AT).flatMap((record, i): CoverageSample[] => {
    if (own === null) return [{ record, previous: null }];
    const before =
      prev === null ? [1, 2, 3, 4, 5, 6].map((back) => textAt(i - back, own)) : [textAt(i, prev)];
    const stored = textAt(i, own);
    const candidates = isLinked(hit.recipe) ? [...before, null] : [null];
    const previous = candidates.find((each) => reproduced(hit, record, each) === stored);
    return previous === undefined ? [] : [{ record, previous }];
  });
};

export const coverageOf = (prepared: Prepared, lastIndex: number): Coverage => {
  if (!prepared.isHashKnown) return NONE;
  const { hit, signature } = prepared;
  const { recipe } = hit;
  const inner = recipe.inner.map(({ field }) => field);
  const exempt = new Set([recipe.own, signature?.field ?? null].filter((path) => path !== null));
  const samples = recipe.body.kind === 'line' ? [] : samplesOf(prepared);
  // What an inner hash covers is protected where that hash itself is.
  const outer = unprotectedFields(hit, samples, exempt);
  const through = recipe.inner
    .filter(({ field }) => !outer.includes(field))
    .map((inner) => {
      const alone = { recipe: innerRecipe(recipe, inner), key: null };
      return new Set(
        unprotectedFields(
          alone,
          samples.map(({ record }) => ({ record, previous: null })),
          new Set([...exempt, inner.field]),
        ),
      );
    });
  const free = outer.filter((path) => !inner.includes(path) && through.every((left) => left.has(path)));
  const findings: Finding[] = free.map((path) => ({
    kind: 'UNPROTECTED_FIELD',
    path,
    message:
      path === recipe.prev
        ? `The hash does not cover ${path}: the link to the previous record can be changed without a trace.`
        : `The hash does not cover the field ${path}: it can be changed in any record without a trace.`,
  }));
  const weaknesses: string[] = [];
  if (recipe.own === null && lastIndex >= 0) {
    const message =
      'Nothing protects the last record: each record’s hash stands only in the one after it, and none comes after this one.';
    weaknesses.push('The last record is unprotected.');
    findings.push({ kind: 'UNPROTECTED_RECORD', index: lastIndex, message });
  }
  const { algorithm, bytes } = recipe.digest;
  const isShort = bytes < STRONG_BYTES;
  if (isShort || BROKEN.has(algorithm)) {
    const name = algorithmWords(algorithm);
    const reason = isShort
      ? `The hashes are cut to ${bytes * 8} bits of ${name}: another record with the same hash can be searched for.`
      : `The hashes are made with ${name}, for which different contents with the same hash can be made.`;
    weaknesses.push(reason);
    findings.push({ kind: 'WEAK_DIGEST', message: reason });
  }
  return { unprotectedFields: free, weaknesses, findings };
};
