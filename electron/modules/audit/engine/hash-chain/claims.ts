// What the verdict on a hash-chained log proves and does not prove, in sentences for people who have to rely on it.
import type { Verdict } from '../../../../../shared/model/verdict.ts';

export interface ClaimFacts {
  readonly verdict: Verdict;
  readonly anchored: boolean;
  readonly coveredTo: number | null;
  readonly isWindow: boolean;
  readonly verified: number;
  readonly unread: number;
  readonly isHashKnown: boolean;
  readonly isLinked: boolean;
  readonly isKeyed: boolean;
  /** Records with a valid signature of a key from outside the log. */
  readonly signed: number;
  readonly chains: number;
  readonly unprotected: readonly string[];
}

const CHAIN: Partial<Record<Verdict, string>> = {
  INTACT:
    'The last record is the one that the trusted head names: nothing was removed, added, altered or moved between the first record and it.',
  INTACT_BUT_UNANCHORED:
    'Every record follows from the one before it, back to the first of its chain: nothing was removed, added, altered or moved between the first and the last record without making all later hashes anew.',
  PARTIAL_INTACT:
    'From the first record of this part on, every record follows from the one before it: within the part nothing was removed, added, altered or moved without making all later hashes anew.',
  SEGMENTED: 'Each of the chains in the file is unbroken in itself.',
  DUPLICATE: 'Without the records that stand twice, the chain is unbroken.',
  REORDERED:
    'The links give one unbroken chain: no record is missing within it, only the order of the lines differs.',
  MISMATCH_EXPLAINED:
    'For each record marked REPAIRED, the stored hash was reproduced exactly once the named re-writing was undone: that content is the one that was hashed.',
  GAP: 'The file is cut off: data that belonged to it is missing. The records before that place were verified.',
  FORK: 'Two different records claim the same parent: the log as given is not the work of one logger writing one chain.',
  TAMPERED:
    'The records named in the findings, or their neighbours, are not as they were written: content or hashes were altered, or records removed.',
};

const DOUBTS: Partial<Record<Verdict, string>> = {
  PARTIAL_INTACT: 'What came before the first record of this part.',
  SEGMENTED: 'That no records are missing between the chains, nor in which order the chains were written.',
  DUPLICATE: 'Why records stand twice.',
  REORDERED: 'Who changed the order of the lines, and why.',
  MISMATCH_EXPLAINED: 'Which tool re-wrote the records, and when.',
  GAP: 'How much is missing after the place where the file is cut off.',
  FORK: 'Which of the two records is the genuine one.',
  TAMPERED: 'Who altered the log, when, or what the altered or removed records said before.',
};

export const chainClaims = (
  facts: ClaimFacts,
): { readonly proves: string[]; readonly doesNotProve: string[] } => {
  const { verdict, anchored, isKeyed, isLinked, isHashKnown, signed } = facts;
  const proves: string[] = [];
  const doubts: string[] = [];
  if (isHashKnown) {
    proves.push(
      `Each of the ${facts.verified} records that could be read was checked: its hash was made anew by the recipe of this log and compared with the stored one${isLinked ? ', and its link to the record before it was followed' : ''}.`,
    );
  } else {
    proves.push(
      `The links of the ${facts.verified} records that could be read were followed: where no finding says otherwise, each names the hash of a record before it.`,
    );
    doubts.push('That the content of any record is what was hashed: the hashes could not be made anew.');
  }
  const sentence = CHAIN[verdict];
  if (sentence !== undefined && isHashKnown && isLinked) proves.push(sentence);
  if (facts.chains > 1)
    proves.push(
      `The file holds ${facts.chains} chains, told apart by their own fields; each was verified by itself.`,
    );
  if (facts.coveredTo !== null)
    proves.push(`A trusted head anchors the chain up to record ${facts.coveredTo}.`);
  if (anchored && verdict !== 'INTACT')
    proves.push('The last hash is the trusted head: nothing was cut off the end.');
  if (isKeyed && isHashKnown)
    proves.push(
      'The hashes were made by someone who holds the key: without it no record can be altered unnoticed.',
    );
  if (signed > 0)
    proves.push(
      `${signed} records carry a valid signature of the given key: only its holder can have made them.`,
    );
  const doubt = DOUBTS[verdict];
  if (doubt !== undefined) doubts.push(doubt);
  if (facts.isWindow && verdict !== 'PARTIAL_INTACT') doubts.push(DOUBTS.PARTIAL_INTACT ?? '');
  if (!isLinked) {
    doubts.push(
      'That no record was deleted, inserted or moved: the records are not linked, so none of this leaves a trace.',
    );
    if (!isKeyed)
      doubts.push(
        'That no record was edited: the hash needs no key, so whoever edits a record can make it anew.',
      );
  } else if (!anchored) {
    doubts.push('That nothing was cut off the end: a shorter log verifies just as well.');
    doubts.push(
      isKeyed || signed > 0
        ? 'That the holder of the key did not write the whole log anew.'
        : 'That the whole log was not written anew: the hashes need no key, so whoever has the file can make them all again. A trusted head from outside the log excludes both.',
    );
  }
  if (facts.unprotected.length > 0)
    doubts.push(
      `That these fields are as they were written: ${facts.unprotected.slice(0, 8).join(', ')}${facts.unprotected.length > 8 ? ' and others' : ''}. The hash does not cover them.`,
    );
  if (facts.unread > 0)
    doubts.push(`Anything about the ${facts.unread} lines that could not be read as records.`);
  doubts.push(
    'That what the records say is true, or that everything that happened was logged: only that they stand as they were hashed.',
  );
  return { proves, doesNotProve: doubts };
};
