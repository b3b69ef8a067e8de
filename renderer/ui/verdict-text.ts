// The verdict vocabulary in words: a label, and one sentence on what it says.
import type { Verdict } from '../../shared/model/verdict.ts';

export const VERDICT_TEXT: Readonly<Record<Verdict, { readonly label: string; readonly meaning: string }>> = {
  TAMPERED: { label: 'Tampered', meaning: 'Content or a hash was altered, at the named records.' },
  FORK: { label: 'Fork', meaning: 'Two records claim the same parent, or two heads of one log conflict.' },
  GAP: { label: 'Gap', meaning: 'Records or files are missing at the named places.' },
  UNVERIFIABLE: {
    label: 'Unverifiable',
    meaning: 'Something needed to verify is missing; it is named below.',
  },
  NOT_TAMPER_EVIDENT: {
    label: 'Not tamper-evident',
    meaning: 'The hashes have no key and no links: they reveal careless edits only.',
  },
  MISMATCH_EXPLAINED: {
    label: 'Mismatch explained',
    meaning: 'A hash differs, and a harmless change of notation reproduces it.',
  },
  REORDERED: { label: 'Reordered', meaning: 'Lines were moved; the links still give the original order.' },
  DUPLICATE: { label: 'Duplicate', meaning: 'A record stands in the log twice; nothing else is wrong.' },
  SEGMENTED: {
    label: 'Segmented',
    meaning: 'Several chains after restarts of the logger, each of them intact.',
  },
  PARTIAL_INTACT: {
    label: 'Partially intact',
    meaning: 'A window: it starts at a named previous hash and verifies from there.',
  },
  INTACT_BUT_UNANCHORED: {
    label: 'Intact but unanchored',
    meaning:
      'Every record verifies, but nothing from outside covers the end: a cut tail or a complete rewrite cannot be excluded.',
  },
  INTACT: {
    label: 'Intact',
    meaning: 'Every record verifies, and an anchor from outside the log covers the last one.',
  },
};
