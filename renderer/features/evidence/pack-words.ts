// What can be said about packs in general: the tone of a result, its steps counted, names for new files, fingerprints for people.
import type { PackVerification } from '../../../shared/model/evidence.ts';
import type { Tone } from '../../ui/tone.ts';

export type PackVerdict = PackVerification['verdict'];
export type PackStepId = PackVerification['steps'][number]['id'];
export type StepStatus = PackVerification['steps'][number]['status'];

export const packTone = (verdict: PackVerdict): Exclude<Tone, 'info' | 'neutral'> =>
  verdict === 'VALID' ? 'pass' : verdict === 'INVALID' ? 'fail' : 'attention';

/** A step that was not checked is never shown as a pass. */
export const stepTone = (status: StepStatus): Exclude<Tone, 'info'> =>
  status === 'pass' ? 'pass' : status === 'fail' ? 'fail' : 'neutral';

export const countSteps = (
  steps: readonly { readonly status: StepStatus }[],
): Readonly<Record<StepStatus, number>> => {
  const counts: Record<StepStatus, number> = { pass: 0, fail: 0, 'not-checked': 0 };
  for (const { status } of steps) counts[status] += 1;
  return counts;
};

/** A SHA-256 fingerprint as lines of four groups of four digits, to be read aloud line by line. */
export const fingerprintLines = (hex: string): readonly (readonly string[])[] => {
  const groups = hex.toUpperCase().match(/.{1,4}/gu) ?? [];
  return Array.from({ length: Math.ceil(groups.length / 4) }, (_, line) =>
    groups.slice(line * 4, line * 4 + 4),
  );
};

/** `aabbcc` → `AA:BB:CC`, the form of `openssl x509 -fingerprint -sha256`. */
export const opensslFingerprint = (hex: string): string => hex.toUpperCase().replaceAll(/(..)(?!$)/gu, '$1:');

/** A file name from free text: letters, digits, dots, hyphens; never empty, never hidden, at most 120 characters of text. */
export const safeFileName = (text: string, extension: string): string => {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/gu, '-')
    .slice(0, 120)
    .replaceAll(/^[.-]+|[.-]+$/gu, '');
  return `${plain === '' ? 'evidence' : plain}.${extension}`;
};
