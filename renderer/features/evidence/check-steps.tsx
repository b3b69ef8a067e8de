// The verdict of a pack check, and its steps by name.
import type { PackVerification } from '../../../shared/model/evidence.ts';
import { formatCount } from '../../ui/format.ts';
import { Badge } from '../../ui/marks.tsx';
import { TONE_ICONS } from '../../ui/tone.ts';
import { countSteps, packTone, stepTone, type StepStatus } from './pack-words.ts';
import { EVIDENCE_TEXT } from './text.ts';

const SHOWN_ITEMS = 100;

export const Banner = ({ result }: { readonly result: PackVerification }) => {
  const tone = packTone(result.verdict);
  const words = EVIDENCE_TEXT.verdicts[result.verdict];
  const Icon = TONE_ICONS[tone];
  const counts = countSteps(result.steps);
  const shown = (['fail', 'not-checked', 'pass'] as const satisfies readonly StepStatus[]).filter(
    (status) => counts[status] > 0,
  );
  return (
    <section className="pack-verdict" data-tone={tone} aria-label={EVIDENCE_TEXT.checkResult}>
      <div className="row">
        <h2>
          <Icon className="icon" aria-hidden />
          {words.word}
        </h2>
        <code className="muted">{result.verdict}</code>
        {shown.map((status) => (
          <Badge key={status} tone={stepTone(status)} withIcon>
            {EVIDENCE_TEXT.statusCount[status](formatCount(counts[status]))}
          </Badge>
        ))}
      </div>
      <p className="pack-meaning">{words.meaning}</p>
      <p>{words.next}</p>
    </section>
  );
};

export const Steps = ({ steps }: { readonly steps: PackVerification['steps'] }) => (
  <ol className="steps" aria-label={EVIDENCE_TEXT.checkSteps}>
    {steps.map((step) => (
      <li key={step.id} className="step">
        <Badge tone={stepTone(step.status)} withIcon>
          {EVIDENCE_TEXT.status[step.status]}
        </Badge>
        <div className="step-body">
          <h3>{EVIDENCE_TEXT.steps[step.id]}</h3>
          <p className="muted">{step.detail}</p>
          {step.items.length === 0 ? null : (
            <details className="step-items" open={step.status === 'fail' && step.items.length <= 10}>
              <summary>{EVIDENCE_TEXT.checkItems(formatCount(step.items.length))}</summary>
              <ul className="mono">
                {[...new Set(step.items)].slice(0, SHOWN_ITEMS).map((item) => (
                  <li key={item}>{item}</li>
                ))}
                {step.items.length > SHOWN_ITEMS ? (
                  <li>{EVIDENCE_TEXT.checkMore(formatCount(step.items.length - SHOWN_ITEMS))}</li>
                ) : null}
              </ul>
            </details>
          )}
        </div>
      </li>
    ))}
  </ol>
);
