// Turns what was found into the steps of a verification: one status, one plain sentence, the files at fault.
import type { PACK_STEPS, PackStep } from '../../../../../shared/model/evidence.ts';
import type { Problem } from './container.ts';

export type StepId = (typeof PACK_STEPS)[number];

const MOST_ITEMS = 1000;
const LONGEST_TEXT = 400;

/**
 * Text out of a pack, made harmless for a terminal and a window: control characters and those that turn the direction
 * of reading are written as `\\u{…}`, long text is cut.
 */
export const shown = (text: string): string => {
  const visible = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
  return visible.length > LONGEST_TEXT ? `${visible.slice(0, LONGEST_TEXT).toWellFormed()}…` : visible;
};
/** Different sentences in one detail; the items name the rest. */
const MOST_SENTENCES = 8;

/** A sentence that starts with a file's name keeps the name as it is. */
const sentence = (text: string): string => {
  const [first = ''] = text;
  const startsWithName = /^\S*[./]\S/u.test(text);
  return `${startsWithName ? first : first.toUpperCase()}${text.slice(first.length)}.`;
};
const sentences = (texts: readonly string[]): string => texts.map((text) => sentence(shown(text))).join(' ');

export const passed = (id: StepId, ...texts: readonly string[]): PackStep => ({
  id,
  status: 'pass',
  detail: sentences(texts),
  items: [],
});
export const notChecked = (id: StepId, ...texts: readonly string[]): PackStep => ({
  id,
  status: 'not-checked',
  detail: sentences(texts),
  items: [],
});

/** Each different sentence once, with how often it applies. */
const summary = (problems: readonly Problem[]): string[] => {
  const counts = new Map<string, number>();
  for (const { text } of problems) counts.set(text, (counts.get(text) ?? 0) + 1);
  const texts = [...counts].map(([text, count]) => (count === 1 ? text : `${text} (${count} times)`));
  return texts.length > MOST_SENTENCES
    ? [...texts.slice(0, MOST_SENTENCES), `and ${texts.length - MOST_SENTENCES} more kinds of fault`]
    : texts;
};

export const failed = (id: StepId, problems: readonly Problem[], ...notes: readonly string[]): PackStep => ({
  id,
  status: 'fail',
  detail: sentences([...summary(problems), ...notes]),
  items: [...new Set(problems.flatMap(({ item }) => (item === undefined ? [] : [shown(item)])))].slice(
    0,
    MOST_ITEMS,
  ),
});

/** Fails with the problems, or passes with the notes where there are none. */
export const judged = (id: StepId, problems: readonly Problem[], ...notes: readonly string[]): PackStep =>
  problems.length > 0 ? failed(id, problems) : passed(id, ...notes);
