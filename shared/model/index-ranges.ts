// Records named by their numbers, as people write them: `57, 80-90`.
import type { IndexRange } from './evidence.ts';

/** `57,80-90` as ranges, both ends included; null where it is none. */
export const parseIndexRanges = (text: string): IndexRange[] | null => {
  const ranges: IndexRange[] = [];
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*(\d{1,15})(?:\s*[-–]\s*(\d{1,15}))?\s*$/u.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || from > to) return null;
    ranges.push({ from, to });
  }
  return ranges;
};
