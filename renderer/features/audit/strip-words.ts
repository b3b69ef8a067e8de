// The chain strip in words: what a position and a column stand for.
import { formatCount, formatInstant } from '../../ui/format.ts';
import { instantAfter, type Strip, type StripColumn } from './strip-columns.ts';
import { AUDIT_TEXT } from './text.ts';

/** `Record 1,204`, or the instant for strips of seconds. */
export const positionText = (strip: Strip, at: number): string => {
  if (strip.unit === 'record') return formatCount(at);
  const instant = instantAfter(strip.origin, at);
  return instant === null ? formatCount(at) : formatInstant(instant);
};

/** What a column stands for, in one line. */
export const columnText = (strip: Strip, column: StripColumn): string => {
  const isRecord = strip.unit === 'record';
  const last = column.to - 1;
  const place =
    isRecord && last === column.from
      ? `Record ${positionText(strip, column.from)}`
      : `${isRecord ? 'Records ' : ''}${AUDIT_TEXT.range(positionText(strip, column.from), positionText(strip, isRecord ? last : column.to))}`;
  const first =
    column.worstAt > column.from ? `, ${AUDIT_TEXT.firstAt(positionText(strip, column.worstAt))}` : '';
  const label = column.label === undefined ? '' : ` · ${column.label}`;
  return `${place}: ${AUDIT_TEXT.states[column.state]}${first}${label}`;
};
