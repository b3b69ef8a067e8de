// Samples with known right answers that lie beside the checkout; tests that need them skip loudly without them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './packaged.ts';

export const SHARED_DATA = join(ROOT, '..', 'shared', 'data');

/** true when `part` of the shared samples is there; says so loudly when it isn't. */
export const hasSamples = (part: string): boolean => {
  const there = existsSync(join(SHARED_DATA, part));
  if (!there)
    process.stderr.write(`SKIPPED: ../shared/data/${part} is not there, so its samples were not checked\n`);
  return there;
};
