// Infers logs whose records don't carry their own hash: each names the digest of the whole record before it.
import { JSON_STYLES } from '../../../../../shared/chain/canonical-json.ts';
import { PythonJsonError } from '../../../../../shared/chain/python-json.ts';
import type { Recipe } from '../../../../../shared/chain/recipe.ts';
import type { DigestField } from './digest-fields.ts';
import { algorithmsFor, hexDigester } from './digests.ts';
import type { Inference } from './infer.ts';
import { bodyOf, combine } from './preimage.ts';
import type { ReadRecord } from './preimage.ts';
import type { LogKey } from './search.ts';

/** Records that are looked at. */
const CONFIRM = 24;
/** Below this a single hit may be chance. */
const SURE_BYTES = 16;

/** Logs whose records name the digest of the whole record before them, which doesn't carry it itself. */
export const inferWhole = (
  records: readonly ReadRecord[],
  fields: readonly DigestField[],
  keys: readonly LogKey[],
): Inference | null => {
  for (const field of fields) {
    const keyings = [null, ...keys];
    for (const [rank, algorithm] of algorithmsFor(field.shape.bytes).entries()) {
      for (const key of keyings) {
        const digest = hexDigester(algorithm, key === null ? 'none' : 'hmac', key?.bytes ?? null);
        const form = { algorithm, keyed: key === null ? 'none' : 'hmac', ...field.shape } as const;
        const hit = wholeHit(records, field, digest, form, key, rank === 0);
        if (hit !== null) return hit;
      }
    }
  }
  return null;
};

const wholeHit = (
  records: readonly ReadRecord[],
  field: DigestField,
  digest: (data: string | Buffer) => string,
  form: Recipe['digest'],
  key: LogKey | null,
  isUsual: boolean,
): Inference | null => {
  const whole = (text: Recipe['text'], body: Recipe['body'], template: string): Recipe => ({
    version: 1,
    layout: 'json',
    cells: 'text',
    own: null,
    prev: field.path,
    chain: [],
    body,
    wrap: null,
    insert: null,
    text,
    template,
    first: null,
    digest: form,
    genesis: null,
    inner: [],
    signature: null,
  });
  const record: Recipe['body'] = { kind: 'record', without: [] };
  const recipes = [
    whole({ kind: 'raw' }, { kind: 'line' }, '{body}'),
    whole({ kind: 'raw' }, { kind: 'line' }, '{body}\n'),
    ...JSON_STYLES.slice(0, isUsual ? undefined : 4).map((style) => whole(style, record, '{body}')),
  ];
  for (const recipe of recipes) {
    let confirmed = 0;
    for (let i = 1; i < Math.min(records.length, CONFIRM); i += 1) {
      const wanted = field.values[i];
      if (wanted === null || wanted === undefined) continue;
      const isHit = records
        .slice(Math.max(0, i - 4), i)
        .toReversed()
        .some((parent) => {
          try {
            return digest(combine(recipe.template, recipe, null, bodyOf(recipe, parent, null))).startsWith(
              wanted,
            );
          } catch (error) {
            if (error instanceof PythonJsonError) return false;
            throw error;
          }
        });
      if (isHit) confirmed += 1;
      if (i > 2 && confirmed === 0) break;
    }
    if (confirmed > 1 || (confirmed === 1 && form.bytes >= SURE_BYTES))
      return { recipe, key, alternates: [], confirmed };
  }
  return null;
};
