// How the command palette finds and orders: letters in order, best where words begin.

/**
 * The score of `query` in `text`; null when its letters don't stand in the text in this order. Each word of the query
 * counts for itself, so "log verify" finds "Verify the log". Higher is better.
 */
export const scoreMatch = (query: string, text: string): number | null => {
  const words = query
    .toLowerCase()
    .split(/\s+/u)
    .filter((w) => w !== '');
  const haystack = text.toLowerCase();
  let total = 0;
  for (const word of words) {
    const score = scoreWord(word, haystack);
    if (score === null) return null;
    total += score;
  }
  return words.length === 0 ? 0 : total - haystack.length / 200;
};

const isStart = (text: string, at: number): boolean => at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? ' ');

const scoreWord = (word: string, text: string): number | null => {
  const whole = wholeMatch(word, text);
  if (whole !== null) return whole;
  let score = 0;
  let from = 0;
  let previous = -2;
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at === -1) return null;
    score += at === previous + 1 ? 2 : isStart(text, at) ? 3 : 0.5;
    previous = at;
    from = at + 1;
  }
  // A scattered match of a short word is noise: it must hit word starts or runs.
  return score >= word.length * 1.5 ? score : null;
};

const wholeMatch = (word: string, text: string): number | null => {
  let best: number | null = null;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const score = word.length * (isStart(text, at) ? 5 : 3.5) + (at === 0 ? 2 : 0);
    best = best === null || score > best ? score : best;
  }
  return best;
};

export interface Rankable {
  readonly title: string;
  readonly keywords?: string | undefined;
}

/** The items that match, best first; equal scores keep their order. A match in the title beats one in the keywords. */
export const rank = <T extends Rankable>(query: string, items: readonly T[], limit: number): readonly T[] => {
  const scored: { readonly item: T; readonly score: number }[] = [];
  for (const item of items) {
    const title = scoreMatch(query, item.title);
    const all = item.keywords === undefined ? null : scoreMatch(query, `${item.title} ${item.keywords}`);
    const score = title ?? (all === null ? null : all * 0.6);
    if (score !== null) scored.push({ item, score });
  }
  return scored
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit)
    .map((s) => s.item);
};
