// The verdict: the word, what it means, what it proves and does not prove, what to do next.
import type { ReactNode } from 'react';
import { VERDICT_CLASS_TEXT, VERDICT_TEXT } from '../../../shared/model/verdict-text.ts';
import { verdictClass, type VerificationReport } from '../../../shared/model/verdict.ts';
import { TONE_ICONS } from '../../ui/tone.ts';
import { AUDIT_TEXT } from './text.ts';

const Sentences = ({
  title,
  sentences,
}: {
  readonly title: string;
  readonly sentences: readonly string[];
}) => (
  <div className="verdict-column">
    <h3>{title}</h3>
    {sentences.length === 1 ? (
      <p>{sentences[0]}</p>
    ) : (
      <ul className="plain-list verdict-list">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    )}
  </div>
);

/** The report's own sentences where it has any: they name fields and places. */
const orElse = (own: readonly string[], general: string): readonly string[] =>
  own.length > 0 ? [...new Set(own)] : [general];

export interface VerdictBannerProps {
  readonly report: VerificationReport;
  /** Buttons under "what to do next". */
  readonly actions?: ReactNode;
}

export const VerdictBanner = ({ report, actions }: VerdictBannerProps) => {
  const tone = verdictClass(report.verdict);
  const words = VERDICT_TEXT[report.verdict];
  const Icon = TONE_ICONS[tone];
  return (
    <section className="verdict" data-tone={tone} aria-label={AUDIT_TEXT.verdictRegion}>
      <div className="verdict-head">
        <h2>
          <Icon className="icon" aria-hidden />
          {words.word}
        </h2>
        <span className="verdict-class">{VERDICT_CLASS_TEXT[tone]}</span>
        <code className="muted">{report.verdict}</code>
      </div>
      <p className="verdict-meaning">{words.meaning}</p>
      <div className="verdict-columns">
        <Sentences title={AUDIT_TEXT.proves} sentences={orElse(report.proves, words.proves)} />
        <Sentences
          title={AUDIT_TEXT.doesNotProve}
          sentences={orElse(report.doesNotProve, words.doesNotProve)}
        />
        <div className="verdict-column">
          <h3>{AUDIT_TEXT.next}</h3>
          <p>{words.next}</p>
          {actions === undefined ? null : <div className="row">{actions}</div>}
        </div>
      </div>
    </section>
  );
};
