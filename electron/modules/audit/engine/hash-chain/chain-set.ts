// The chains of a log, one or several interleaved: each has its own links, and answers by places in the whole file.
import { chainFindings } from '../guardian/chain-findings.ts';
import { findHeads, shapeOf } from '../guardian/chain-shape.ts';
import type { Break, ChainShape } from '../guardian/chain-shape.ts';
import { digestKey, LinkTracker } from '../guardian/link-tracker.ts';
import type { Link } from '../guardian/link-tracker.ts';
import { mergeIntervals } from '../guardian/reorder.ts';
import { IntColumn } from '../lines/columns.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';

/** More chains than this share one set of links, which then tells less about each. */
const MAX_CHAINS = 2000;
const REST = '\u0000rest';

export interface Chain {
  readonly key: string;
  readonly tracker: LinkTracker;
  /** Index in the file of each of its records. */
  readonly rows: IntColumn;
  /** The own hash of its last record as stored, null before the first. */
  lastOwn: string | null;
  /** The text that its first record names as its parent, where the chain begins in the middle. */
  firstPrev: string | null;
}

export interface ChainEnd {
  readonly chain: Chain;
  readonly shape: ChainShape;
  /** Index in the file of its last record. */
  readonly head: number;
}

export interface HeadsAnswer {
  readonly anchored: boolean;
  /** Where not: the last record that a trusted head covers, null for none. */
  readonly coveredTo: number | null;
  readonly findings: readonly Finding[];
}

export class ChainSet {
  readonly #chains = new Map<string, Chain>();
  readonly #isMany: boolean;

  /** `isMany`: whether records tell by a field which chain they belong to. */
  constructor(isMany: boolean) {
    this.#isMany = isMany;
  }

  get size(): number {
    return this.#chains.size;
  }

  chain(key: string): Chain {
    const name = this.#chains.has(key) || this.#chains.size < MAX_CHAINS ? key : REST;
    const known = this.#chains.get(name);
    if (known !== undefined) return known;
    const chain = {
      key: name,
      tracker: new LinkTracker(),
      rows: new IntColumn(),
      lastOwn: null,
      firstPrev: null,
    };
    this.#chains.set(name, chain);
    return chain;
  }

  add(chain: Chain, index: number, link: Link, blanksBefore: number): void {
    chain.tracker.add(chain.rows.push(index), link, blanksBefore);
  }

  /** A line that is no record: of which chain it was, several chains don't tell. */
  addUnreadable(index: number, isTooLong: boolean, blanksBefore: number): void {
    if (this.#isMany) return;
    const chain = this.chain('');
    chain.rows.push(index);
    chain.tracker.addUnreadable(isTooLong, blanksBefore);
  }

  /** `heads`: keys of trusted heads, see {@link digestKey}. */
  ends(heads: readonly string[]): readonly ChainEnd[] {
    return [...this.#chains.values()]
      .filter(({ tracker }) => tracker.runCount > 0)
      .map((chain) => {
        const local = shapeOf(chain.tracker, heads);
        const shape = this.#isMany ? globalShape(local, chain.rows) : local;
        return { chain, shape, head: chain.rows.at(local.head) };
      });
  }
}

/** The same shape by places in the file; blocks whose records lie apart there fall into pieces. */
const globalShape = (shape: ChainShape, rows: IntColumn): ChainShape => {
  const one = (index: number): number => rows.at(index);
  const spread = (index: number, count: number): readonly { index: number; count: number }[] =>
    mergeIntervals(Array.from({ length: count }, (_, i) => ({ index: one(index + i), count: 1 })));
  return {
    ...shape,
    duplicates: shape.duplicates.flatMap(({ index, count, ofIndex }) =>
      Array.from({ length: count }, (_, i) => ({
        index: one(index + i),
        count: 1,
        ofIndex: one(ofIndex + i),
      })),
    ),
    forks: shape.forks.map((fork) => ({ ...fork, index: one(fork.index), parent: one(fork.parent) })),
    breaks: shape.breaks.map((broken) => ({
      ...broken,
      index: one(broken.index),
      ofIndex: broken.ofIndex === null ? null : one(broken.ofIndex),
    })),
    restarts: shape.restarts.map(one),
    displaced: shape.displaced.flatMap(({ index, count }) => spread(index, count)),
  };
};

export { chainFindings };
export type { Break };

/**
 * Leaves out the breaks whose missing parent stands in another chain, because its chain field was altered: that record is
 * named for it.
 */
export const withoutStrayed = (
  ends: readonly ChainEnd[],
  altered: ReadonlySet<number>,
): readonly ChainEnd[] => {
  if (ends.length < 2 || altered.size === 0) return ends;
  let left = MAX_LOOKUPS;
  const isStrayed = (parentHex: string, from: ChainEnd): boolean =>
    ends.some((end) => {
      if (end === from || left <= 0 || parentHex === '') return false;
      left -= end.chain.rows.length;
      const [found] = findHeads(end.chain.tracker, [digestKey(parentHex)]);
      return (found ?? []).some((row) => altered.has(end.chain.rows.at(row)));
    });
  return ends.map((end) => ({
    ...end,
    shape: { ...end.shape, breaks: end.shape.breaks.filter(({ parentHex }) => !isStrayed(parentHex, end)) },
  }));
};

const MAX_LOOKUPS = 20_000_000;

/** Compares heads known from outside (lower-case hex) with the last hashes of all chains. */
export const compareAllHeads = (ends: readonly ChainEnd[], trusted: readonly string[]): HeadsAnswer => {
  const findings: Finding[] = [];
  const anchoredChains = new Set<ChainEnd>();
  let coveredTo: number | null = null;
  const inner: { readonly index: number; readonly end: ChainEnd }[] = [];
  for (const head of trusted) {
    let isFound = false;
    for (const end of ends) {
      const { tracker, rows } = end.chain;
      const [found] = findHeads(tracker, [digestKey(head)]);
      if (found === undefined || found === null) continue;
      isFound = true;
      const last = localOf(rows, end.head);
      if (found.some((row) => row === last || tracker.chains.equals(row, tracker.chains, last)))
        anchoredChains.add(end);
      else inner.push({ index: rows.at(found[0] ?? 0), end });
    }
    if (isFound) continue;
    const windows = ends.filter(({ chain, shape }) => shape.window !== null && chain.firstPrev === head);
    if (windows.length > 0) {
      const message =
        'The trusted head is the hash after which this part of the log begins: its beginning is anchored, its end is not.';
      findings.push({ kind: 'HEAD_MISMATCH', expected: head, message });
      continue;
    }
    const other = ends.some(({ shape }) => shape.window !== null)
      ? ' (or it belongs to a part of the log that is not in this file)'
      : '';
    findings.push({
      kind: 'HEAD_MISMATCH',
      verdict: 'TAMPERED',
      expected: head,
      message: `No record has the trusted head as its hash: the end of the log was cut off, or the chain was made anew from an altered record on${other}.`,
    });
  }
  for (const { index, end } of inner) {
    if (anchoredChains.has(end)) continue;
    coveredTo = Math.max(coveredTo ?? 0, index);
    const message = `The trusted head is the hash of record ${index}: the chain is anchored up to there. What comes after it in the chain is not covered by a trusted head.`;
    findings.push({ kind: 'HEAD_MISMATCH', index, message });
  }
  const anchored = ends.length > 0 && anchoredChains.size === ends.length;
  if (!anchored && anchoredChains.size > 0) {
    const message = `The trusted heads are the last hashes of ${anchoredChains.size} of the ${ends.length} chains; the other chains are not anchored.`;
    findings.push({ kind: 'HEAD_MISMATCH', message });
  }
  return { anchored, coveredTo: anchored ? null : coveredTo, findings };
};

const localOf = (rows: IntColumn, index: number): number => Math.max(0, rows.floor(index));
