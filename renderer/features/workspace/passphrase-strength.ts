// How strong a passphrase is, in words that say what to change. The main process decides (electron/store/
// passphrase-policy.ts): this refuses nothing that it accepts, and only helps while typing.

export type Verdict = 'empty' | 'short' | 'kinds' | 'repeats' | 'sequence' | 'fair' | 'good' | 'strong';

export interface Strength {
  readonly verdict: Verdict;
  /** 0 to 4, for the meter. */
  readonly level: 0 | 1 | 2 | 3 | 4;
  /** Accepted by the policy: 12 characters of three kinds, or 20 characters. */
  readonly isEnough: boolean;
  /** How many characters are missing, for `short` and `kinds`. */
  readonly missing: number;
}

const MIN_MIXED = 12;
const MIN_LONG = 20;
const MIN_DISTINCT = 6;
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
];

export const countKinds = (text: string): number =>
  [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u].filter((kind) => kind.test(text)).length;

/** The share of characters that continue a run of the alphabet, the digits or a keyboard row, either way. */
export const runShare = (text: string): number => {
  const lower = text.toLowerCase();
  let inRun = 0;
  for (let at = 2; at < lower.length; at += 1) {
    const three = lower.slice(at - 2, at + 1);
    const backwards = [...three].toReversed().join('');
    if (RUNS.some((run) => run.includes(three) || run.includes(backwards))) inRun += 1;
  }
  return lower.length < 3 ? 0 : inRun / (lower.length - 2);
};

export const assessPassphrase = (typed: string): Strength => {
  const text = typed.normalize('NFKC');
  const length = [...text].length;
  if (length === 0) return { verdict: 'empty', level: 0, isEnough: false, missing: MIN_MIXED };
  if (length < MIN_MIXED) return { verdict: 'short', level: 1, isEnough: false, missing: MIN_MIXED - length };
  const distinct = new Set(text).size;
  if (distinct < MIN_DISTINCT) return { verdict: 'repeats', level: 1, isEnough: false, missing: 0 };
  if (runShare(text) > 0.75) return { verdict: 'sequence', level: 1, isEnough: false, missing: 0 };
  if (length < MIN_LONG && countKinds(text) < 3)
    return { verdict: 'kinds', level: 1, isEnough: false, missing: MIN_LONG - length };
  const score = length + countKinds(text) * 2 + Math.min(distinct, 14) / 2;
  if (score >= 38) return { verdict: 'strong', level: 4, isEnough: true, missing: 0 };
  if (score >= 28) return { verdict: 'good', level: 3, isEnough: true, missing: 0 };
  return { verdict: 'fair', level: 2, isEnough: true, missing: 0 };
};
