// What the verdict on a Guardian log proves and does not prove, in sentences for people who have to rely on it.
import type { Verdict } from '../../../../../shared/model/verdict.ts';

export interface ClaimFacts {
  readonly verdict: Verdict;
  readonly anchored: boolean;
  /** The last record that a trusted head covers, when it isn't the last of all. */
  readonly coveredTo: number | null;
  readonly isWindow: boolean;
  /** Records that could be read, and lines that couldn't. */
  readonly verified: number;
  readonly unread: number;
}

export interface Claims {
  readonly proves: string[];
  readonly doesNotProve: string[];
}

const INTACT_RECORDS: ReadonlySet<Verdict> = new Set<Verdict>([
  'INTACT',
  'INTACT_BUT_UNANCHORED',
  'PARTIAL_INTACT',
  'SEGMENTED',
  'DUPLICATE',
  'REORDERED',
]);

/** One sentence for what each verdict proves beyond the checks that every record passed. */
const PROVES: Readonly<Record<Verdict, readonly string[]>> = {
  INTACT: [
    'The last record is the one that the trusted head names: nothing was removed, added, altered or moved between the first record and it.',
  ],
  INTACT_BUT_UNANCHORED: [
    'Every record names the one before it, back to the first of the chain: nothing was removed, added, altered or moved between the first and the last record without re-computing all hashes that follow.',
  ],
  PARTIAL_INTACT: [
    'From the first record of this part on, every record names the one before it: within the part nothing was removed, added, altered or moved without re-computing all hashes that follow.',
  ],
  SEGMENTED: ['Each of the chains in the file is unbroken in itself.'],
  DUPLICATE: ['Without the records that stand twice, the chain is unbroken.'],
  REORDERED: [
    'The links give one unbroken chain: no record is missing within it, only the order of the lines differs.',
  ],
  MISMATCH_EXPLAINED: [
    'For each record marked REPAIRED, the stored hash was reproduced exactly from its content after the named re-writing was undone: that content is the one that was hashed.',
  ],
  NOT_TAMPER_EVIDENT: [],
  UNVERIFIABLE: ['The records that are not named in the findings were verified.'],
  GAP: [
    'The file is cut off: data that belonged to it is missing. The records before that place were verified.',
  ],
  FORK: [
    'Two different records claim the same parent: the log as given is not the work of one logger writing one chain.',
  ],
  TAMPERED: [
    'The records named in the findings, or their neighbours, are not as they were written: content or hashes were altered, or records removed.',
    'Records without a finding still have the content that their own hash states.',
  ],
};

const DOES_NOT_PROVE: Readonly<Record<Verdict, readonly string[]>> = {
  INTACT: [],
  INTACT_BUT_UNANCHORED: [
    'That nothing was cut off the end: a shorter log verifies just as well.',
    'That the whole log was not written anew: the hashes need no key, so whoever has the file can re-compute them all. A trusted head from outside the log excludes both.',
  ],
  PARTIAL_INTACT: [
    'What came before the first record of this part: the log begins after the record with the chain hash given as its start.',
  ],
  SEGMENTED: [
    'That no records are missing between the chains, nor in which order the chains were written: nothing links them.',
  ],
  DUPLICATE: ['Why records stand twice.'],
  REORDERED: ['Who changed the order of the lines, and why.'],
  MISMATCH_EXPLAINED: ['Which tool re-wrote the records, and when.'],
  NOT_TAMPER_EVIDENT: [],
  UNVERIFIABLE: ['Anything about the records that could not be read.'],
  GAP: ['How much is missing after the place where the file is cut off.'],
  FORK: ['Which of the two records is the genuine one.'],
  TAMPERED: ['Who altered the log, when, or what the altered or removed records said before.'],
};

const KEYLESS =
  'That the log was not written anew as a whole, from the first altered record to its end: the hashes need no key. A trusted head from outside the log excludes it.';
const TRUTH =
  'That what the records say is true, or that everything that happened was logged: only that they stand as they were hashed.';

export const guardianClaims = (facts: ClaimFacts): Claims => {
  const { verdict } = facts;
  const every = `Each of the ${facts.verified} records that could be read was checked: its event hash against all its fields, its chain hash against its event hash and the previous hash.`;
  const proves = [every, ...PROVES[verdict]];
  const doesNotProve = [...DOES_NOT_PROVE[verdict]];
  if (facts.coveredTo !== null) {
    proves.push(`A trusted head anchors the chain up to record ${facts.coveredTo}.`);
  }
  if (facts.anchored && verdict !== 'INTACT') {
    proves.push('The last chain hash is the trusted head: nothing was cut off the end.');
  }
  if (!facts.anchored && verdict !== 'INTACT_BUT_UNANCHORED' && INTACT_RECORDS.has(verdict)) {
    doesNotProve.push('That nothing was cut off the end: no trusted head covers the last record.', KEYLESS);
  }
  if (facts.isWindow && verdict !== 'PARTIAL_INTACT') doesNotProve.push(...DOES_NOT_PROVE.PARTIAL_INTACT);
  if (facts.unread > 0 && verdict !== 'UNVERIFIABLE') {
    doesNotProve.push(`Anything about the ${facts.unread} lines that could not be read as records.`);
  }
  doesNotProve.push(TRUTH);
  return { proves, doesNotProve };
};
