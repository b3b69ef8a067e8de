// Which integers a tool that keeps numbers as doubles (any JavaScript tool) would have turned into a given token.
import type { PyNumber } from '../../../../../shared/chain/python-json.ts';

const EXACT = 2 ** 53;

/** Above this many candidates the search isn't worth its time: a value beyond 2^71. */
export const MAX_CANDIDATES = 1 << 18;

/** Integers in [low, high] all round to the same double; the search begins at `centre`. */
export interface RoundedInteger {
  readonly centre: bigint;
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * The candidates for a number that may have been a larger integer once, or null when the token shows that it was not
 * rounded: within 2^53, or not what a double prints (its exact value, or ECMAScript's shortest digits).
 */
export const roundedInteger = (node: PyNumber): RoundedInteger | null => {
  const value = Number(node.text);
  if (!Number.isFinite(value) || Math.abs(value) < EXACT) return null;
  const isOwnText = String(value) === node.text;
  if (node.type === 'float' ? !isOwnText : !isOwnText && BigInt(value) !== BigInt(node.text)) return null;
  const centre = BigInt(Math.abs(value));
  const { below, above, isEven } = neighbours(Math.abs(value));
  // Twice the midpoints, to stay whole; a tie goes to the even mantissa (IEEE 754 roundTiesToEven).
  const lowTwice = below + centre;
  const highTwice = centre + above;
  const low = isEven ? (lowTwice + 1n) / 2n : lowTwice / 2n + 1n;
  const high = isEven ? highTwice / 2n : (highTwice - 1n) / 2n;
  return value > 0 ? { centre, low, high } : { centre: -centre, low: -high, high: -low };
};

export const candidateCount = (rounded: RoundedInteger): number => Number(rounded.high - rounded.low) + 1;

/** From the centre outwards: 0, +1, -1, +2, … within the bounds. */
export function* candidates(rounded: RoundedInteger): Generator<bigint> {
  yield rounded.centre;
  for (let step = 1n; ; step += 1n) {
    const up = rounded.centre + step;
    const down = rounded.centre - step;
    if (up > rounded.high && down < rounded.low) return;
    if (up <= rounded.high) yield up;
    if (down >= rounded.low) yield down;
  }
}

const neighbours = (value: number): { below: bigint; above: bigint; isEven: boolean } => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const at = (pattern: bigint): bigint => {
    view.setBigUint64(0, pattern);
    const neighbour = view.getFloat64(0);
    // Above the largest double the step is that of its own binade.
    return Number.isFinite(neighbour) ? BigInt(neighbour) : BigInt(value) * 2n - at(bits - 1n);
  };
  return { below: at(bits - 1n), above: at(bits + 1n), isEven: (bits & 1n) === 0n };
};
