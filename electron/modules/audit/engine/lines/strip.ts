// The chain strip: the whole log as stretches of one state each.
import type { Stretch, VerificationReport } from '../../../../../shared/model/verdict.ts';
import { IntColumn } from './columns.ts';

type State = Stretch['state'];

/** From the mildest to the gravest; of two states of one record the graver is shown. */
const STATES: readonly State[] = ['verified', 'unanchored', 'attention', 'uncovered', 'failed'];
const RANK = Object.fromEntries(STATES.map((state, rank) => [state, rank])) as Readonly<
  Record<State, number>
>;

const MAX_STRETCHES = 10_000;

/** Ends of marks as numbers that sort by place: place, then rank, then whether the mark begins. */
const BITS = 16;

/** Marks records; the unmarked ones are verified. */
export class Strip {
  readonly #from = new IntColumn();
  readonly #to = new IntColumn();
  readonly #rank = new IntColumn();

  /** Records `index` to `index + count - 1`. */
  mark(index: number, count: number, state: State): void {
    this.#mark(index, index + count, RANK[state]);
  }

  #mark(from: number, to: number, rank: number): void {
    const last = this.#to.length - 1;
    if (last >= 0 && this.#to.at(last) === from && this.#rank.at(last) === rank) {
      this.#to.set(last, to);
      return;
    }
    this.#from.push(from);
    this.#to.push(to);
    this.#rank.push(rank);
  }

  /** All marks as triples: from, to, rank. */
  packed(): Int32Array<ArrayBuffer> {
    const all = new Int32Array(this.#from.length * 3);
    for (let i = 0; i < this.#from.length; i += 1) {
      all[i * 3] = this.#from.at(i);
      all[i * 3 + 1] = this.#to.at(i);
      all[i * 3 + 2] = this.#rank.at(i);
    }
    return all;
  }

  /** Adds marks that {@link packed} gave, `shift` records further on. */
  pushPacked(all: Int32Array, shift: number): void {
    for (let i = 0; i + 2 < all.length; i += 3) {
      this.#mark((all[i] as number) + shift, (all[i + 1] as number) + shift, all[i + 2] as number);
    }
  }

  /** `unanchoredFrom`: records from here on that are otherwise verified lie beyond the trusted head. */
  build(length: number, unanchoredFrom: number | null): VerificationReport['strip'] {
    if (unanchoredFrom !== null && unanchoredFrom < length) {
      this.mark(unanchoredFrom, length - unanchoredFrom, 'unanchored');
    }
    const ends = this.#sortedEnds(length);
    let count = 0;
    sweep(ends, length, () => void (count += 1));
    const stretches: Stretch[] = [];
    if (count <= MAX_STRETCHES) {
      sweep(ends, length, (from, to, rank) => stretches.push({ from, to, state: stateOf(rank) }));
    } else {
      stretches.push(...coarse(ends, length));
    }
    return { unit: 'record', length, origin: null, stretches };
  }

  #sortedEnds(length: number): Float64Array {
    const ends = new Float64Array(this.#from.length * 2);
    for (let i = 0; i < this.#from.length; i += 1) {
      const rank = this.#rank.at(i);
      ends[i * 2] = this.#from.at(i) * BITS + rank * 2 + 1;
      ends[i * 2 + 1] = Math.min(this.#to.at(i), length) * BITS + rank * 2;
    }
    return ends.toSorted();
  }
}

const stateOf = (rank: number): State => STATES[rank] ?? 'verified';

/** Goes over the ends of the marks; where marks overlap, the gravest holds. Neighbours of one state come as one. */
const sweep = (
  ends: Float64Array,
  length: number,
  found: (from: number, to: number, rank: number) => void,
): void => {
  const open = [0, 0, 0, 0, 0];
  let from = 0;
  let rank = 0;
  let next = 0;
  while (next < ends.length) {
    const at = Math.floor((ends[next] as number) / BITS);
    while (next < ends.length && Math.floor((ends[next] as number) / BITS) === at) {
      const bits = (ends[next] as number) % BITS;
      open[bits >> 1] = (open[bits >> 1] as number) + ((bits & 1) === 1 ? 1 : -1);
      next += 1;
    }
    const gravest = Math.max(
      0,
      open.findLastIndex((count) => count > 0),
    );
    if (gravest === rank) continue;
    if (at > from) found(from, at, rank);
    from = at;
    rank = gravest;
  }
  if (length > from) found(from, length, rank);
};

/** Too many to show: equal buckets, each in the gravest state that occurs in it. */
const coarse = (ends: Float64Array, length: number): Stretch[] => {
  const size = Math.ceil(length / (MAX_STRETCHES / 2));
  const buckets = new Uint8Array(Math.ceil(length / size));
  sweep(ends, length, (from, to, rank) => {
    for (let b = Math.floor(from / size); b <= Math.floor((to - 1) / size); b += 1) {
      if (rank > (buckets[b] as number)) buckets[b] = rank;
    }
  });
  const merged: Stretch[] = [];
  for (const [b, rank] of buckets.entries()) {
    const to = Math.min(length, (b + 1) * size);
    const last = merged.at(-1);
    if (last !== undefined && last.state === stateOf(rank)) merged[merged.length - 1] = { ...last, to };
    else merged.push({ from: b * size, to, state: stateOf(rank) });
  }
  return merged;
};
