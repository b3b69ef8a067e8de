// The chain strip: the whole log in one bar, one column per pixel, with a cursor for mouse and keyboard.
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { plural } from '../../ui/format.ts';
import {
  columnOf,
  nextRun,
  rankOf,
  runsOf,
  stateShares,
  stripColumns,
  type Strip,
  type StripColumn,
  type StripState,
} from './strip-columns.ts';
import { StripPatterns, fillOf } from './strip-patterns.tsx';
import { columnText, positionText } from './strip-words.ts';
import { AUDIT_TEXT } from './text.ts';

const HEIGHT = 48;
/** Bars of damage reach over the others; this is what the others keep free above and below. */
const INSET = 6;
/** One damaged record among a million must still be seen, CSS pixels. */
const LEAST_WIDTH = 3;

const useWidth = (): readonly [(element: HTMLElement | null) => void, number] => {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (element === null) return undefined;
    const sizes = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [element]);
  return [setElement, width];
};

interface BarsProps {
  readonly columns: readonly StripColumn[];
  readonly width: number;
  readonly patterns: string;
}

/** Drawn best first, so that a piece that was widened to be seen covers better neighbours and not worse ones. */
const Bars = ({ columns, width, patterns }: BarsProps) => {
  const size = width / columns.length;
  const runs = runsOf(columns).toSorted((a, b) => rankOf(b.state) - rankOf(a.state));
  return runs.map((run) => {
    const wide = run.state === 'verified' ? run.width * size : Math.max(run.width * size, LEAST_WIDTH);
    const inset = run.state === 'failed' ? 0 : INSET;
    return (
      <rect
        key={run.from}
        {...fillOf(run.state, patterns)}
        x={Math.min(run.from * size, width - wide)}
        y={inset}
        width={wide}
        height={HEIGHT - inset * 2}
      />
    );
  });
};

const Key = ({ strip, patterns }: { readonly strip: Strip; readonly patterns: string }) => (
  <ul className="strip-key">
    {stateShares(strip).map(({ state, stretches, positions }) => (
      <li key={state}>
        <svg viewBox="0 0 22 12" aria-hidden>
          <rect {...fillOf(state, patterns)} width="22" height="12" />
        </svg>
        <span>
          {AUDIT_TEXT.states[state]}{' '}
          <span className="muted">
            {strip.unit === 'record'
              ? plural(positions, 'record', 'records')
              : plural(stretches, AUDIT_TEXT.stripOne, AUDIT_TEXT.stripMany)}
          </span>
        </span>
      </li>
    ))}
  </ul>
);

export interface ChainStripProps {
  readonly strip: Strip;
  /** The record that is open, for its mark; null: none. */
  readonly open: number | null;
  /** Enter or click: the worst position of the column, and the label of its stretch. */
  readonly onOpen: (position: number, label: string | undefined, state: StripState) => void;
}

export const ChainStrip = ({ strip, open, onOpen }: ChainStripProps) => {
  const patterns = useId().replaceAll(/[^\w-]/gu, '');
  const [measure, width] = useWidth();
  const [cursor, setCursor] = useState(0);
  const [hover, setHover] = useState<number | null>(null);
  const [hasFocus, setHasFocus] = useState(false);
  const isByPointer = useRef(false);
  const columns = useMemo(() => stripColumns(strip, width), [strip, width]);
  if (strip.length === 0) return <p className="muted">{AUDIT_TEXT.stripEmpty}</p>;

  const count = Math.max(1, columns.length);
  const at = columnOf(Math.min(cursor, strip.length - 1), strip.length, count);
  const shownAt = hover === null ? (hasFocus ? at : null) : columnOf(hover, strip.length, count);
  const shown = shownAt === null ? undefined : columns[shownAt];
  const here = columns[at];
  const size = width / count;

  const openColumn = (column: StripColumn | undefined): void => {
    if (column !== undefined) onOpen(column.worstAt, column.label, column.state);
  };
  const move = (to: number): void => {
    setHover(null);
    setCursor(columns[Math.min(Math.max(to, 0), columns.length - 1)]?.from ?? 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) return;
    const big = Math.max(1, Math.round(columns.length / 10));
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: event.ctrlKey ? nextRun(columns, at, -1) : at - 1,
      ArrowRight: event.ctrlKey ? nextRun(columns, at, 1) : at + 1,
      ArrowDown: at - 1,
      ArrowUp: at + 1,
      PageDown: at - big,
      PageUp: at + big,
      Home: 0,
      End: columns.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) move(to);
    else if ((event.key === 'Enter' || event.key === ' ') && !event.ctrlKey) openColumn(here);
    else return;
    event.preventDefault();
  };
  const positionOf = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const column = Math.min(
      Math.max(Math.floor((event.clientX - box.left) / (box.width / count)), 0),
      count - 1,
    );
    return columns[column]?.from ?? 0;
  };

  return (
    <div className="strip">
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- Enter is handled with the other keys */}
      <div
        ref={measure}
        className="strip-bar"
        role="slider"
        tabIndex={0}
        aria-label={AUDIT_TEXT.stripSlider}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, strip.length - 1)}
        aria-valuenow={Math.min(cursor, strip.length - 1)}
        aria-valuetext={here === undefined ? '' : columnText(strip, here)}
        onKeyDown={onKeyDown}
        onFocus={() => setHasFocus(!isByPointer.current)}
        onBlur={() => setHasFocus(false)}
        onPointerDown={() => {
          isByPointer.current = true;
        }}
        onPointerMove={(event) => setHover(positionOf(event))}
        onPointerLeave={() => setHover(null)}
        onClick={() => {
          isByPointer.current = false;
          if (hover === null) return;
          setCursor(hover);
          openColumn(columns[columnOf(hover, strip.length, count)]);
        }}
      >
        <svg viewBox={`0 0 ${Math.max(width, 1)} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
          <StripPatterns id={patterns} />
          {width === 0 ? null : <Bars columns={columns} width={width} patterns={patterns} />}
          <rect
            className="s-frame"
            x="0.5"
            y={INSET - 0.5}
            width={Math.max(width - 1, 0)}
            height={HEIGHT - INSET * 2 + 1}
          />
          {open === null || open >= strip.length ? null : (
            <OpenMark x={(columnOf(open, strip.length, count) + 0.5) * size} />
          )}
          {shownAt === null ? null : <Cursor x={(shownAt + 0.5) * size} />}
        </svg>
      </div>
      <div className="strip-ends">
        <span>{positionText(strip, 0)}</span>
        <span>{positionText(strip, strip.unit === 'record' ? strip.length - 1 : strip.length)}</span>
      </div>
      <p className="strip-read">
        {shown === undefined ? (
          <span className="muted">
            {strip.unit === 'record' ? AUDIT_TEXT.stripHint : AUDIT_TEXT.stripHintFiles}
          </span>
        ) : (
          columnText(strip, shown)
        )}
      </p>
      <Key strip={strip} patterns={patterns} />
    </div>
  );
};

const Cursor = ({ x }: { readonly x: number }) => (
  <>
    <line className="s-cursor" x1={x} x2={x} y1={0} y2={HEIGHT} />
    <path className="s-cursor-head" d={`M${x - 5} -1h10l-5 6z`} />
  </>
);

const OpenMark = ({ x }: { readonly x: number }) => (
  <path className="s-open" d={`M${x - 6} ${HEIGHT + 1}h12l-6 -8z`} />
);
