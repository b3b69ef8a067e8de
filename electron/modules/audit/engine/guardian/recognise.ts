// Recognises a log by its recipe: the hash of its first records is recomputed, not only its names looked at.
import type { Detection } from '../../../../../shared/model/audit.ts';
import type { Source } from '../../../../ports/source.ts';
import { sampleOf } from '../lines/sample.ts';
import { EventJudge } from './event-judge.ts';
import { HashedRecordReader } from './hashed-record.ts';
import type { RecordShape } from './hashed-record.ts';
import type { RepairShape } from './repair-variants.ts';

export interface Recipe {
  readonly id: string;
  readonly title: string;
  readonly shape: RecordShape;
  readonly repair: RepairShape;
  /** Fields of which a record of this format has at least one, beside its hashes. */
  readonly marks: readonly string[];
  /** `event_hash, chain_hash and previous_hash`: as the reason names them. */
  readonly names: string;
}

const SAMPLE = 5;

/** null when not one of the first records has the format's hash fields. */
export const recognise = async (source: Source, recipe: Recipe): Promise<Detection | null> => {
  const sample = await sampleOf(source, SAMPLE);
  if (sample === null) return null;
  const reader = new HashedRecordReader(recipe.shape);
  const judge = new EventJudge(recipe.shape, recipe.repair);
  const own = recipe.shape.hashFields[0] ?? '';
  let similar = 0;
  let exact = 0;
  let repaired = 0;
  for (const [index, record] of sample.records.entries()) {
    if (reader.read(record, 0, record.length - 1) !== null) continue;
    if (!recipe.marks.some((name) => reader.tree().members.has(name))) continue;
    similar += 1;
    if (reader.recomputed === reader.stored(0)) exact += 1;
    else if (exact === 0) {
      const place = { index, line: 1, offset: 0, blanksBefore: 0 };
      const verdict = judge.judge(reader, place, reader.stored(0) ?? '');
      if (verdict.kind === 'finding' && verdict.finding.kind === 'REPAIRED') repaired += 1;
    }
  }
  const answer = (confidence: number, reason: string): Detection => ({
    format: recipe.id,
    title: recipe.title,
    confidence,
    reason,
  });
  const named = `The first records have ${recipe.names}`;
  if (exact > 0) return answer(0.99, `${named}; SHA-256 of a record's sorted JSON gives its stored ${own}.`);
  if (repaired > 0) {
    return answer(0.95, `${named}; the stored ${own} is reproduced once a harmless re-writing is undone.`);
  }
  if (similar > 0) {
    return answer(
      0.6,
      `${named}, but the stored ${own} of none of them could be reproduced: they may be altered.`,
    );
  }
  // A first record beyond 64 KiB: only its beginning can be looked at.
  const begins =
    sample.records.length === 0 && recipe.marks.some((name) => sample.text.includes(`"${name}"`));
  if (!begins || !sample.text.includes(`"${recipe.shape.idField}"`)) return null;
  return answer(0.3, `The first record is longer than 64 KiB; its first fields are those of this format.`);
};
