// The time line of a trail for the chain strip: which second is verified, failed, uncovered or without an anchor.
import type { VerificationReport } from '../../../../../shared/model/verdict.ts';
import type { Interval } from './coverage.ts';
import { baseName, instantText } from './object-names.ts';
import { isProven, isRead } from './trail-model.ts';
import type { Chain, LogItem } from './trail-model.ts';

type State = VerificationReport['strip']['stretches'][number]['state'];

/** Worst first: where several trails share a second, the worst shows. */
const WORST_FIRST: readonly State[] = ['failed', 'uncovered', 'attention', 'unanchored', 'verified'];
/** A log that belongs to no digest is shown at the minute of its delivery. */
const LOG_SECONDS = 60;

interface Piece extends Interval {
  readonly state: State;
  readonly label: string;
}

const digestPieces = (chains: readonly Chain[], logs: readonly LogItem[]): Piece[] => {
  const failing = new Set(
    logs.filter((log) => log.failed).flatMap((log) => log.named.map(({ digest }) => digest)),
  );
  const open = new Set(
    logs
      .filter((log) => !log.failed && !log.verified)
      .flatMap((log) => log.named.map(({ digest }) => digest)),
  );
  return chains
    .flatMap((chain) => chain.items.filter(isRead))
    .map((item): Piece => {
      const { start, end } = item.file.document;
      const state =
        item.failed || failing.has(item)
          ? 'failed'
          : open.has(item)
            ? 'attention'
            : isProven(item.proof)
              ? 'verified'
              : 'unanchored';
      return { from: start, to: end, state, label: baseName(item.path) };
    });
};

const plantedPieces = (logs: readonly LogItem[]): Piece[] =>
  logs.flatMap((log): Piece[] =>
    log.failed && log.named.length === 0 && log.time !== null
      ? [{ from: log.time, to: log.time + LOG_SECONDS, state: 'failed', label: baseName(log.path) }]
      : [],
  );

/** Cuts overlapping pieces at their edges and keeps the worst of each moment; equal neighbours become one. */
const flatten = (pieces: readonly Piece[]): Piece[] => {
  const edges = pieces
    .flatMap((piece) => [
      { at: piece.from, piece, enter: true },
      { at: piece.to, piece, enter: false },
    ])
    .toSorted((a, b) => a.at - b.at);
  const active = new Map<State, Set<Piece>>(WORST_FIRST.map((state) => [state, new Set<Piece>()]));
  const flat: Piece[] = [];
  let from = edges[0]?.at ?? 0;
  for (const { at, piece, enter } of edges) {
    const state = WORST_FIRST.find((each) => (active.get(each)?.size ?? 0) > 0);
    if (at > from && state !== undefined) {
      const [shown] = active.get(state) ?? [];
      const label = state === 'verified' ? '' : (shown?.label ?? '');
      const last = flat.at(-1);
      if (last !== undefined && last.to === from && last.state === state && last.label === label)
        flat[flat.length - 1] = { ...last, to: at };
      else flat.push({ from, to: at, state, label });
    }
    from = at;
    if (enter) active.get(piece.state)?.add(piece);
    else active.get(piece.state)?.delete(piece);
  }
  return flat;
};

/** Unit second; position 0 is the first digest's start (or the first uncovered second). Positions are [from, to). */
export const buildStrip = (
  chains: readonly Chain[],
  logs: readonly LogItem[],
  uncovered: readonly Interval[],
): VerificationReport['strip'] => {
  const pieces = [
    ...digestPieces(chains, logs),
    ...plantedPieces(logs),
    ...uncovered.map((hole): Piece => ({
      ...hole,
      state: 'uncovered',
      label: `${instantText(hole.from)} to ${instantText(hole.to)}`,
    })),
  ].filter(({ from, to }) => from < to);
  const flat = flatten(pieces);
  const [first] = flat;
  const last = flat.at(-1);
  if (first === undefined || last === undefined)
    return { unit: 'second', length: 0, origin: null, stretches: [] };
  const origin = first.from;
  return {
    unit: 'second',
    length: last.to - origin,
    origin: instantText(origin),
    stretches: flat.map(({ from, to, state, label }) => ({
      from: from - origin,
      to: to - origin,
      state,
      ...(label !== '' && { label }),
    })),
  };
};
