// A verdict as icon, word and colour, the same everywhere.
import { verdictClass, type Verdict } from '../../shared/model/verdict.ts';
import { TONE_ICONS } from './tone.ts';
import { VERDICT_TEXT } from '../../shared/model/verdict-text.ts';

export interface VerdictBadgeProps {
  readonly verdict: Verdict;
  /** large: the head of a verification; code: the exact word of the vocabulary instead of the readable one. */
  readonly size?: 'medium' | 'large';
  readonly form?: 'label' | 'code';
}

export const VerdictBadge = ({ verdict, size = 'medium', form = 'label' }: VerdictBadgeProps) => {
  const tone = verdictClass(verdict);
  const Icon = TONE_ICONS[tone];
  return (
    <span className="badge" data-tone={tone} data-size={size} title={verdict}>
      <Icon className="icon" aria-hidden />
      <span>{form === 'code' ? verdict : VERDICT_TEXT[verdict].word}</span>
    </span>
  );
};
