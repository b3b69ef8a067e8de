// How a format is checked, in plain words for a report, and how a reader checks it again by hand without Probity.

export interface Positions {
  readonly one: string;
  readonly counting: string;
  readonly total: string;
}

export interface FormatMethod {
  /** What a finding's `index` counts: `one` as a column head, `counting` as a sentence, `total` for the key figures. */
  readonly positions: Positions;
  /** One sentence or more per step, in the order in which the verifier works; `…` marks code, here and in `byHand`. */
  readonly steps: readonly string[];
  readonly standards: readonly string[];
  /** What the method can't see, however good the log. */
  readonly limits: readonly string[];
  readonly byHand: { readonly intro: string; readonly code: string; readonly outro: string } | null;
  /** Terms of the glossary that this format needs, beside the common ones. */
  readonly terms: readonly (readonly [term: string, meaning: string])[];
}

/** Formats of one file with records in it. */
export const LINES: Positions = {
  one: 'Record',
  counting:
    'Records are counted from 0 and lines from 1, both in the file as given; byte offsets are those of the uncompressed data.',
  total: 'Records read',
};
/** Formats of a folder of files. */
export const FILES: Positions = {
  one: 'File',
  counting:
    'Files are counted from 0: the log files in order of time, then the digest files, absent ones included.',
  total: 'Events in log files that verify',
};
