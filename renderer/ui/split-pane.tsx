// Two panes with a divider that moves by mouse and by arrow keys. In a narrow window they stand one over the other.
import { useCallback, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { ScrollArea } from './scroll-area.tsx';
import { UI_TEXT } from './text.ts';

export interface SplitPaneProps {
  /** Names the first pane, e.g. "case list". */
  readonly label: string;
  readonly first: ReactNode;
  readonly second: ReactNode;
  /** Width of the first pane in CSS pixels. */
  readonly initial?: number;
  readonly min?: number;
  readonly max?: number;
}

const STEP = 16;

/** Keeps a width within its limits; exported for its test. */
export const clampWidth = (width: number, min: number, max: number): number =>
  Math.min(Math.max(width, min), max);

export const SplitPane = ({ label, first, second, initial = 340, min = 240, max = 640 }: SplitPaneProps) => {
  const [width, setWidth] = useState(initial);
  const drag = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const move = useCallback((next: number) => setWidth(clampWidth(next, min, max)), [min, max]);
  const direction = (element: Element): number => (getComputedStyle(element).direction === 'rtl' ? -1 : 1);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const sign = direction(event.currentTarget);
    const next: Readonly<Record<string, number>> = {
      ArrowLeft: width - STEP * sign,
      ArrowRight: width + STEP * sign,
      PageUp: width - STEP * 6,
      PageDown: width + STEP * 6,
      Home: min,
      End: max,
    };
    const wanted = next[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    move(wanted);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (drag.current === null) return;
    move(drag.current.width + (event.clientX - drag.current.x) * direction(event.currentTarget));
  };
  const end = (): void => {
    drag.current = null;
  };

  return (
    <div className="split">
      <div className="split-first" style={{ flexBasis: `${width}px` }}>
        {first}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- a focusable separator is a widget (WAI-ARIA window splitter) */}
      <div
        className="split-handle"
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={UI_TEXT.resize(label)}
        aria-valuenow={Math.round(width)}
        aria-valuemin={min}
        aria-valuemax={max}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { x: event.clientX, width };
        }}
        onPointerMove={onPointerMove}
        onPointerUp={end}
        onPointerCancel={end}
        onDoubleClick={() => move(initial)}
      />
      <ScrollArea className="split-second">{second}</ScrollArea>
    </div>
  );
};
