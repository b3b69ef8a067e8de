// One record of a hash-chained log under the lens: the stored hash beside the recomputed one, with the text that was hashed.
import type { RecordView } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { Verified, VerifyOptions } from '../format.ts';
import { isLinked } from '../../../../../shared/chain/recipe.ts';
import { findRecords, requireRecord } from '../lines/locator.ts';
import type { FoundRecord } from '../lines/locator.ts';
import { onlyFile } from '../lines/read-log.ts';
import { cutText, fieldsOf, findingsOf, rawOf } from '../lines/record-fields.ts';
import { fieldAt } from './fields.ts';
import { reproduced } from './reproduce.ts';
import { preimageOf } from './preimage.ts';
import type { Preimage } from './digests.ts';
import type { ReadRecord } from './preimage.ts';
import { ID, prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import { findRows } from './read-table.ts';
import { readRecord } from './record-reader.ts';
import { chainKey } from './digest-fields.ts';

type Check = RecordView['checks'][number];

/** How far back the record before is looked for, where chains are interleaved or the previous hash isn't stored. */
const BACK = 64;

const textAt = (record: ReadRecord, path: string): string | null => {
  const value = fieldAt(record.dict, path);
  return typeof value === 'string' ? value : null;
};

const hashedText = (preimage: Preimage): string | null => {
  if (typeof preimage === 'string') return cutText(preimage);
  const text = preimage.toString('utf8');
  return Buffer.from(text).equals(preimage) ? cutText(text) : null;
};

const readFound = (found: FoundRecord, prepared: Prepared): ReadRecord | null => {
  if (found.bytes === null) return null;
  const read = readRecord(found.bytes.subarray(0, found.bytes.length - 1), prepared.layout);
  return typeof read === 'string' ? null : read;
};

/** Throws AppError('audit.no_such_record') and what the source throws. */
export const chainRecordView = async (
  source: Source,
  verified: Verified,
  index: number,
  options: VerifyOptions,
): Promise<RecordView> => {
  requireRecord(verified, index);
  const { report } = verified;
  const recipe = options.recipe ?? report.recipe?.json;
  const prepared = await prepare(source, recipe === undefined ? options : { ...options, recipe });
  const file = onlyFile(source, ID);
  const find = prepared.layout.csv === null ? findRecords : findRows;
  const found = await find(file, verified.locator, Math.max(0, index - BACK), index);
  const place = found.find((each) => each.place.index === index);
  const findings = findingsOf(report, index);
  if (place === undefined) {
    const nothing = { raw: '', rawTruncated: false, fields: [], checks: [] };
    return { index, line: null, byteOffset: null, path: null, ...nothing, findings };
  }
  const record = readFound(place, prepared);
  const before = found
    .filter((each) => each.place.index < index)
    .map((each) => readFound(each, prepared))
    .filter((each) => each !== null);
  return {
    index,
    line: place.place.line || null,
    byteOffset: place.place.offset,
    path: null,
    ...(await rawOf(file, place)),
    fields: record === null ? [] : fieldsOf(record.dict),
    checks: record === null ? [] : checksOf(prepared, record, before),
    findings,
  };
};

/** The own hash of one record, stored or, where records don't carry it, made anew. */
export const storedOwnAt = async (
  source: Source,
  locator: Verified['locator'],
  index: number,
  prepared: Prepared,
): Promise<string | null> => {
  const find = prepared.layout.csv === null ? findRecords : findRows;
  const [found] = await find(onlyFile(source, ID), locator, index, index);
  const record = found === undefined ? null : readFound(found, prepared);
  if (record === null) return null;
  const { own } = prepared.hit.recipe;
  return own === null ? reproduced(prepared.hit, record, null) : textAt(record, own);
};

const checksOf = (prepared: Prepared, record: ReadRecord, before: readonly ReadRecord[]): Check[] => {
  const { hit, isHashKnown } = prepared;
  const { recipe } = hit;
  const same = before.filter((each) => chainKey(each, recipe.chain) === chainKey(record, recipe.chain));
  const lastOwn = (): string | null => {
    const last = same.at(-1);
    if (last === undefined) return null;
    return recipe.own === null ? reproduced(hit, last, null) : textAt(last, recipe.own);
  };
  const checks: Check[] = [];
  if (isHashKnown && recipe.own !== null) {
    const stored = textAt(record, recipe.own);
    const candidates =
      recipe.prev !== null
        ? [textAt(record, recipe.prev)]
        : isLinked(recipe)
          ? [...same.toReversed().map((each) => textAt(each, recipe.own ?? '')), null]
          : [null];
    const previous =
      candidates.find((each) => reproduced(hit, record, each) === stored) ?? candidates[0] ?? null;
    const recomputed = reproduced(hit, record, previous);
    const hashed = recomputed === null ? null : hashedText(preimageOf(recipe, record, previous));
    checks.push({ name: recipe.own, stored, recomputed, ok: stored === recomputed, hashed });
  }
  if (recipe.prev !== null && before.length > 0) {
    const stored = textAt(record, recipe.prev);
    const recomputed = lastOwn();
    const last = same.at(-1);
    const isWhole = recipe.own === null && last !== undefined && isHashKnown;
    const hashed = isWhole ? hashedText(preimageOf(recipe, last, null)) : null;
    checks.push({ name: recipe.prev, stored, recomputed, ok: stored === recomputed, hashed });
  }
  return checks;
};
