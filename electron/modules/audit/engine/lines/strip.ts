// The chain strip: the whole log as stretches of one state each.
import type { Stretch, VerificationReport } from '../../../../../shared/model/verdict.ts';

type State = Stretch['state'];

// The graver of two states of one record is shown.
const RANK: Readonly<Record<State, number>> = {
  verified: 0,
  unanchored: 1,
  attention: 2,
  uncovered: 3,
  failed: 4,
};

const MAX_STRETCHES = 10_000;

/** Marks records; the unmarked ones are verified. */
export class Strip {
  #from: number[] = [];
  #to: number[] = [];
  #state: State[] = [];

  /** Records `index` to `index + count - 1`. */
  mark(index: number, count: number, state: State): void {
    const last = this.#to.length - 1;
    if (last >= 0 && this.#to[last] === index && this.#state[last] === state) {
      this.#to[last] = index + count;
      return;
    }
    this.#from.push(index);
    this.#to.push(index + count);
    this.#state.push(state);
  }

  /** `unanchoredFrom`: records from here on that are otherwise verified lie beyond the trusted head. */
  build(length: number, unanchoredFrom: number | null): VerificationReport['strip'] {
    if (unanchoredFrom !== null && unanchoredFrom < length) {
      this.mark(unanchoredFrom, length - unanchoredFrom, 'unanchored');
    }
    const stretches = this.#flatten(length);
    return {
      unit: 'record',
      length,
      origin: null,
      stretches: stretches.length <= MAX_STRETCHES ? stretches : coarse(stretches, length),
    };
  }

  /** Sweeps over the marks; where they overlap, the gravest holds. */
  #flatten(length: number): Stretch[] {
    const events: { readonly at: number; readonly rank: number; readonly change: 1 | -1 }[] = [];
    for (let i = 0; i < this.#from.length; i += 1) {
      const rank = RANK[this.#state[i] as State];
      events.push({ at: this.#from[i] as number, rank, change: 1 });
      events.push({ at: Math.min(this.#to[i] as number, length), rank, change: -1 });
    }
    events.sort((a, b) => a.at - b.at);
    const open = [0, 0, 0, 0, 0];
    const states = (Object.keys(RANK) as State[]).toSorted((a, b) => RANK[a] - RANK[b]);
    const stretches: Stretch[] = [];
    let from = 0;
    let state: State = 'verified';
    const close = (to: number): void => {
      const last = stretches.at(-1);
      if (to === from) return;
      if (last !== undefined && last.state === state) stretches[stretches.length - 1] = { ...last, to };
      else stretches.push({ from, to, state });
      from = to;
    };
    for (const { at, rank, change } of events) {
      close(at);
      open[rank] = (open[rank] ?? 0) + change;
      state = states.findLast((candidate) => (open[RANK[candidate]] ?? 0) > 0) ?? 'verified';
    }
    close(length);
    return stretches;
  }
}

/** Too many to show: equal buckets, each in the gravest state that occurs in it. */
const coarse = (stretches: readonly Stretch[], length: number): Stretch[] => {
  const size = Math.ceil(length / (MAX_STRETCHES / 2));
  const buckets: State[] = [];
  for (const stretch of stretches) {
    for (let b = Math.floor(stretch.from / size); b <= Math.floor((stretch.to - 1) / size); b += 1) {
      const known = buckets[b] ?? 'verified';
      buckets[b] = RANK[stretch.state] > RANK[known] ? stretch.state : known;
    }
  }
  const merged: Stretch[] = [];
  for (const [b, state] of buckets.entries()) {
    const to = Math.min(length, (b + 1) * size);
    const last = merged.at(-1);
    if (last !== undefined && last.state === state) merged[merged.length - 1] = { ...last, to };
    else merged.push({ from: b * size, to, state });
  }
  return merged;
};
