// Recognises a hash-chained log by its first 64 KiB: confirmed where the recipe reproduces hashes, likely where records link.
import type { Detection } from '../../../../../shared/model/audit.ts';
import { isLinked } from '../../../../../shared/chain/recipe.ts';
import { recipeWords } from '../../../../../shared/chain/recipe-words.ts';
import type { Source } from '../../../../ports/source.ts';
import { beginningOf } from './beginning.ts';
import { infer } from './infer.ts';
import type { ReadRecord } from './preimage.ts';

const LOOK = 64 * 1024;
/** Fields of the formats that are verified by their own engines. */
const OWN_FORMATS: readonly (readonly string[])[] = [
  ['event_hash', 'chain_hash', 'previous_hash', 'event_id'],
  ['integrity_hash', 'event_data', 'security_context', 'system_context'],
];

const isOfOwnFormat = (records: readonly ReadRecord[]): boolean => {
  const [first] = records;
  return (
    first !== undefined && OWN_FORMATS.some((names) => names.every((name) => first.dict.members.has(name)))
  );
};

export const detectChain = async (
  source: Source,
  format: string,
  title: string,
): Promise<Detection | null> => {
  const beginning = await beginningOf(source, LOOK);
  if (beginning === null || beginning.records.length === 0) return null;
  const answer = (confidence: number, reason: string): Detection => ({
    format,
    title,
    confidence: isOfOwnFormat(beginning.records) ? Math.min(confidence, 0.5) : confidence,
    reason,
  });
  const { inference, links } = infer(beginning, [], false);
  if (inference !== null) {
    const words = recipeWords(inference.recipe);
    return isLinked(inference.recipe)
      ? answer(0.9, `The stored hashes of its first records are reproduced: ${words}.`)
      : answer(
          0.7,
          `The stored hashes of its first records are reproduced, but nothing links the records: ${words}.`,
        );
  }
  if (links === null) return null;
  const named = `Its records name each other by ${links.own.path} and ${links.prev.path}`;
  return answer(
    links.count > 2 ? 0.8 : 0.5,
    `${named}; the hashes could not be reproduced without a key or recipe.`,
  );
};
