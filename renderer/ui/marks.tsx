// Small marks: badge, verdict badge, hash, date, spinner-free skeleton, hidden text.
import { Check, Copy } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { announce } from './announcer.tsx';
import { IconButton } from './button.tsx';
import { copyText } from './clipboard.ts';
import { formatInstant, formatLocal, groupHex, truncateMiddle, type InstantPrecision } from './format.ts';
import { UI_TEXT } from './text.ts';
import { TONE_ICONS, type Tone } from './tone.ts';

export const VisuallyHidden = ({ children }: { readonly children: ReactNode }) => (
  <span className="visually-hidden">{children}</span>
);

export interface BadgeProps {
  readonly children: ReactNode;
  readonly tone?: Tone;
  /** An icon beside the word, so that the state never rests on colour alone. */
  readonly withIcon?: boolean;
}

export const Badge = ({ children, tone = 'neutral', withIcon = tone !== 'neutral' }: BadgeProps) => {
  const Icon = TONE_ICONS[tone];
  return (
    <span className="badge" data-tone={tone}>
      {withIcon ? <Icon className="icon" aria-hidden /> : null}
      <span>{children}</span>
    </span>
  );
};

export interface HashTextProps {
  readonly value: string;
  /** What it is, for the copy button and screen readers: "head hash". */
  readonly label: string;
  /** short: both ends, the rest in the tooltip; full: all digits in groups of four; whole: all digits without gaps. */
  readonly form?: 'short' | 'full' | 'whole';
  /** Off inside grids, where the row offers the copy. */
  readonly canCopy?: boolean;
}

/** A digest in monospace. The copied text is always the whole value without spaces. */
export const HashText = ({ value, label, form = 'short', canCopy = true }: HashTextProps) => {
  const shown = form === 'full' ? groupHex(value) : form === 'whole' ? value : truncateMiddle(value, 8, 6);
  return (
    <span className="hash" data-form={form}>
      <span className="hash-text" title={form === 'short' ? value : undefined}>
        {shown}
      </span>
      {canCopy ? <CopyButton value={value} label={label} isWholeShown={form !== 'short'} /> : null}
    </span>
  );
};

export interface CopyButtonProps {
  readonly value: string;
  /** What is copied: "head hash". */
  readonly label: string;
  /** Off: the tooltip shows the whole value, on hover and on keyboard focus. */
  readonly isWholeShown?: boolean;
}

export const CopyButton = ({ value, label, isWholeShown = true }: CopyButtonProps) => {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <IconButton
      icon={done ? Check : Copy}
      label={done ? UI_TEXT.copied : UI_TEXT.copy(label)}
      detail={isWholeShown ? undefined : value}
      size="small"
      onPress={() => {
        void copyText(value).then((ok) => {
          setDone(ok);
          announce(ok ? UI_TEXT.copied : UI_TEXT.copyFailed);
        });
      }}
    />
  );
};

/** An instant in UTC; the local time is in the title. */
export const DateTime = ({
  value,
  precision = 'second',
}: {
  readonly value: string;
  readonly precision?: InstantPrecision;
}) => (
  <time
    className="date-time"
    dateTime={value}
    title={`${formatInstant(value, 'full')}\n${UI_TEXT.localTime(formatLocal(value))}`}
  >
    {formatInstant(value, precision)}
  </time>
);

/** A quiet stand-in while data loads; `lines` keeps the layout still. */
export const Skeleton = ({
  lines = 3,
  label = UI_TEXT.loading,
}: {
  readonly lines?: number;
  readonly label?: string;
}) => (
  <div className="skeleton" role="status" aria-label={label}>
    {Array.from({ length: lines }, (_, at) => (
      <span key={at} className="skeleton-line" />
    ))}
  </div>
);
