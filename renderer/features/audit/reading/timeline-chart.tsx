// Records over time as bars; a stretch of it is chosen by dragging, or with the arrow keys.
import { useEffect, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Timeline } from '../../../../shared/model/reading.ts';
import { Button } from '../../../ui/button.tsx';
import { formatCount, formatInstant, plural } from '../../../ui/format.ts';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { READING_TEXT } from './text.ts';
import { bucketAt, bucketStart, countBetween, instantAt, stretchOf, widthText } from './timeline-scale.ts';

const HEIGHT = 56;
/** A bucket with one record among millions must still be seen, CSS pixels. */
const LEAST = 2;

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

interface Range {
  readonly anchor: number;
  readonly at: number;
}

const records = (n: number): string => plural(n, 'record', 'records');

const rangeText = (timeline: Timeline, { anchor, at }: Range): string => {
  const count = records(countBetween(timeline, anchor, at));
  if (anchor === at)
    return READING_TEXT.bucket(
      formatInstant(instantAt(bucketStart(timeline, at))),
      widthText(timeline.bucketSeconds),
      count,
    );
  const { from, to } = stretchOf(timeline, anchor, at);
  return READING_TEXT.span(formatInstant(from), formatInstant(to), count);
};

const Bars = ({ timeline, width }: { readonly timeline: Timeline; readonly width: number }) => {
  const most = Math.max(1, ...timeline.counts);
  const step = width / timeline.counts.length;
  return timeline.counts.map((count, bucket) => {
    if (count === 0) return null;
    const height = Math.max(LEAST, (count / most) * (HEIGHT - 6));
    return (
      <rect
        // oxlint-disable-next-line react/no-array-index-key -- a bucket is its place
        key={bucket}
        className="t-bar"
        x={bucket * step}
        y={HEIGHT - height}
        width={Math.max(1, step - (step > 4 ? 1 : 0))}
        height={height}
      />
    );
  });
};

const Table = ({ timeline }: { readonly timeline: Timeline }) => (
  <SimpleTable
    label={READING_TEXT.timeline}
    columns={[
      {
        id: 'from',
        header: READING_TEXT.timelineStart,
        isRowHeader: true,
        cell: (row: { bucket: number; count: number }) =>
          formatInstant(instantAt(bucketStart(timeline, row.bucket))),
      },
      {
        id: 'count',
        header: READING_TEXT.timelineCount,
        align: 'end',
        cell: (row) => formatCount(row.count),
      },
    ]}
    rows={timeline.counts.map((count, bucket) => ({ bucket, count })).filter(({ count }) => count > 0)}
    rowKey={(row) => String(row.bucket)}
  />
);

export interface TimelineChartProps {
  readonly timeline: Timeline;
  readonly onStretch: (stretch: { readonly from: string; readonly to: string }) => void;
}

export const TimelineChart = ({ timeline, onStretch }: TimelineChartProps) => {
  const [measure, width] = useWidth();
  const [range, setRange] = useState<Range>({ anchor: 0, at: 0 });
  const [hover, setHover] = useState<number | null>(null);
  const [isDragging, setDragging] = useState(false);
  const [hasFocus, setHasFocus] = useState(false);
  const [isTable, setTable] = useState(false);
  const count = timeline.counts.length;
  if (count === 0 || timeline.from === null)
    return <p className="muted reading-timeline-none">{READING_TEXT.timelineNone}</p>;

  const last = count - 1;
  const inside = { anchor: Math.min(range.anchor, last), at: Math.min(range.at, last) };
  const step = width / count;
  const isShown = hasFocus || isDragging;
  const choose = ({ anchor, at }: Range): void => onStretch(stretchOf(timeline, anchor, at));

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const big = Math.max(1, Math.round(count / 10));
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: inside.at - 1,
      ArrowDown: inside.at - 1,
      ArrowRight: inside.at + 1,
      ArrowUp: inside.at + 1,
      PageDown: inside.at - big,
      PageUp: inside.at + big,
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      const at = Math.min(Math.max(to, 0), last);
      setRange({ anchor: event.shiftKey ? inside.anchor : at, at });
    } else if (event.key === 'Enter' || event.key === ' ') choose(inside);
    else return;
    event.preventDefault();
  };
  const bucketOf = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return bucketAt(timeline, (event.clientX - box.left) / Math.max(1, box.width));
  };
  const shown: Range | null =
    isDragging || (hasFocus && hover === null)
      ? inside
      : hover === null
        ? null
        : { anchor: hover, at: hover };
  const low = Math.min(inside.anchor, inside.at);
  const high = Math.max(inside.anchor, inside.at);

  return (
    <div className="reading-timeline">
      {isTable ? (
        <div className="timeline-table">
          <Table timeline={timeline} />
        </div>
      ) : (
        <div
          ref={measure}
          className="timeline-bars"
          role="slider"
          tabIndex={0}
          aria-label={READING_TEXT.timelineSlider}
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={inside.at}
          aria-valuetext={rangeText(timeline, inside)}
          onKeyDown={onKeyDown}
          onFocus={() => setHasFocus(true)}
          onBlur={() => setHasFocus(false)}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            const at = bucketOf(event);
            setRange({ anchor: at, at });
            setDragging(true);
          }}
          onPointerMove={(event) => {
            const at = bucketOf(event);
            setHover(at);
            if (isDragging) setRange({ anchor: inside.anchor, at });
          }}
          onPointerLeave={() => setHover(null)}
          onPointerCancel={() => setDragging(false)}
          onPointerUp={(event) => {
            if (!isDragging) return;
            setDragging(false);
            choose({ anchor: inside.anchor, at: bucketOf(event) });
          }}
        >
          <svg viewBox={`0 0 ${Math.max(width, 1)} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
            {width === 0 ? null : <Bars timeline={timeline} width={width} />}
            <line className="t-base" x1="0" x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
            {isShown ? (
              <rect
                className="t-range"
                x={low * step + 0.5}
                y="0.5"
                width={Math.max(2, (high - low + 1) * step - 1)}
                height={HEIGHT - 1}
              />
            ) : null}
          </svg>
        </div>
      )}
      <div className="timeline-foot">
        <span>{formatInstant(instantAt(bucketStart(timeline, 0)))}</span>
        <span className="timeline-read">
          {shown === null ? (
            <span className="muted">{READING_TEXT.timelineHint}</span>
          ) : (
            rangeText(timeline, shown)
          )}
          {timeline.withoutTime === 0 ? null : (
            <span className="muted"> {READING_TEXT.withoutTime(records(timeline.withoutTime))}</span>
          )}
        </span>
        <Button size="small" variant="quiet" aria-expanded={isTable} onPress={() => setTable(!isTable)}>
          {isTable ? READING_TEXT.timelinePicture : READING_TEXT.timelineTable}
        </Button>
        <span>{formatInstant(instantAt(bucketStart(timeline, count)))}</span>
      </div>
    </div>
  );
};
